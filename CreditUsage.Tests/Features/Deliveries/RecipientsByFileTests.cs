using System.Net;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Deliveries;

/// <summary>Several recipients who come in by one file, or none of them.</summary>
public sealed class RecipientsByFileTests : IAsyncLifetime
{
    private const string Page = "/deliveries/by-file";
    private const string Finance = "finance@recipients.example";

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task Recipients_come_in_once_all_or_none_and_never_more_than_fifty()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var preview = await finance.PreviewAsync(Page, "sep=;", "E-Mail;Name", "Olga@Clinic.example;Olga Owner", "zoe@clinic.example;Zo\u00EB  Accountant");
        Assert.Equal(["3 | Olga Owner | olga@clinic.example | New", "4 | Zo\u00EB Accountant | zoe@clinic.example | New"], ListUploads.Rows(preview));
        Assert.Equal("2 recipients added.", (await finance.ConfirmAsync(Page, preview)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal("Nothing new: all 2 recipients of this file are there already.", (await finance.ConfirmAsync(Page, preview)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal(["olga@clinic.example", "zoe@clinic.example"], await EmailsAsync());
        Assert.Equal(["Setting | Deliveries | olga@clinic.example added", "Setting | Deliveries | zoe@clinic.example added"], (await _site.AuditAsync(_clinic)).Where(entry => entry.StartsWith("Setting", StringComparison.Ordinal)));

        var wrong = await finance.PreviewAsync(Page, "name,email",
            "Olga Other,olga@clinic.example", "One,one@clinic.example", "Uno,ONE@clinic.example", ",two@clinic.example", "\"a@b.example\r\nBcc: c\",three@clinic.example", "Four,\"four@a.example, five@b.example\"", "\u202EFive,five@clinic.example");
        Assert.Equal(
        [
            "2 Name: olga@clinic.example is already a recipient, as Olga Owner, and this line says Olga Other. Remove that one first, or correct the line.",
            "4 E-mail address: Line 3 has one@clinic.example too; name a person once.", "5 Name: Enter a name.", "6 Name: Enter the name on one line.",
            "8 E-mail address: Enter one e-mail address such as name@clinic.example.", "9 Name: The name has the text direction control U+202E; remove it.",
        ], ListUploads.Faults(wrong));
        using var forced = await finance.SendAsync(Page, wrong, "Store");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, forced.StatusCode);

        var many = await finance.PreviewAsync(Page, ["name,email", .. Enumerable.Range(1, 50).Select(number => $"Person {number},person{number}@clinic.example")]);
        Assert.Equal(["50 The line: There can be 50 recipients, and this is one more: 2 are there, and 48 stand above.", "51 The line: There can be 50 recipients, and this is one more: 2 are there, and 48 stand above."], ListUploads.Faults(many));
        Assert.Equal(2, (await EmailsAsync()).Count);
        Assert.Equal(("2", "0"), ListUploads.Counts(await finance.PreviewAsync(Page, await finance.Http.GetByteArrayAsync(new Uri(Page + "?handler=Sample", UriKind.Relative)))));
    }

    private Task<List<string>> EmailsAsync() => _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().DeliveryRecipients.OrderBy(person => person.Email).Select(person => person.Email).ToListAsync());
}
