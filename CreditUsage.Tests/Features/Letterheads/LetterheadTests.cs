using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.Letterheads;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Letterheads;

/// <summary>The clinic's address and logo: who sets them, what is taken for a logo, and how they stand on paper.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class LetterheadTests(Clinics clinics) : IAsyncLifetime
{
    private const string Pdf = "/usage-report/pdf?year=2026&month=10&sessions=true&topUps=true";

    private int _clinic;
    private Visitor _administrator = null!;

    public async Task InitializeAsync()
    {
        _clinic = await clinics.Site.SubscriptionAsync("Letter Clinic", new DateOnly(2026, 8, 1));
        var administrator = $"administrator{_clinic}@letter.example";
        await clinics.Site.UserAsync(_clinic, administrator, Roles.Administrator);
        await clinics.Site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", cost: "1.50"));
        _administrator = await Visitor.SignedInAsync(clinics.Site, administrator);
    }

    public Task DisposeAsync()
    {
        _administrator.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Address_and_logo_stand_on_the_first_page_and_in_the_audit_and_can_be_taken_away_again()
    {
        using var before = await _administrator.PostAsync("/usage-report", Pdf);
        var logo = LogoFileTests.Png(300, 80);
        using var saved = await SaveAsync("12 High Street\r\n\r\n  York  \r\nYO1 1AA", logo);
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);

        var page = await _administrator.PageAsync("/letterhead");
        Assert.Equal("12 High Street\nYork\nYO1 1AA", page.QuerySelector<IHtmlTextAreaElement>("#address")!.Value);
        Assert.Equal(("260", "69"), (page.QuerySelector("main img")!.GetAttribute("width"), page.QuerySelector("main img")!.GetAttribute("height")));
        Assert.Equal(logo, await _administrator.Http.GetByteArrayAsync(new Uri("/letterhead?handler=Logo", UriKind.Relative)));
        Assert.StartsWith("Setting | Letterhead | Address: 12 High Street, York, YO1 1AA; logo: 300 x 80 pixels, SHA-256 ", (await clinics.Site.AuditAsync(_clinic))[^1], StringComparison.Ordinal);

        using var after = await _administrator.PostAsync("/usage-report", Pdf);
        Assert.NotEqual(before.Content.Headers.ContentLocation, after.Content.Headers.ContentLocation);
        using (var pdf = PdfRead.Open(await after.Content.ReadAsByteArrayAsync()))
        {
            Assert.Contains("LetterClinic12HighStreetYorkYO11AACreditUsageReport", pdf.GetPage(1).Dense(), StringComparison.Ordinal);
            var picture = Assert.Single(pdf.GetPage(1).GetImages());
            Assert.Equal((300, 80), (picture.WidthInSamples, picture.HeightInSamples));
            Assert.Equal(["£0.00", "£1.50", "£1.50", "£1.50"], pdf.Amounts());
        }
        using var plain = PdfRead.Open(await _administrator.Http.GetByteArrayAsync(new Uri(Pdf + "&summary=none", UriKind.Relative)));
        Assert.Empty(plain.GetPages().SelectMany(each => each.GetImages()));

        using var removed = await SaveAsync("", logo: null, ("removeLogo", "true"));
        Assert.Equal("Setting | Letterhead | Address: none; logo: none", (await clinics.Site.AuditAsync(_clinic))[^1]);
        using var none = await _administrator.GetAsync("/letterhead?handler=Logo");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task What_somebody_else_saved_meanwhile_is_not_overwritten()
    {
        var version = (await _administrator.PageAsync("/letterhead")).QuerySelector<IHtmlInputElement>("input[name=Version]")!.Value;
        using var first = await SaveAsync("1 First Street", logo: null);
        using var second = await SaveAsync("2 Second Street", logo: null, ("Version", version));
        var page = await Visitor.ReadAsync(second);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("2 Second Street", page.QuerySelector<IHtmlTextAreaElement>("#address")!.Value);
        Assert.Contains("1 First Street", page.QuerySelector("[data-saved-meanwhile]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("1 First Street", await AddressAsync());
    }

    [Fact]
    public async Task What_cannot_be_printed_is_refused_in_words_and_nothing_is_saved()
    {
        foreach (var (address, logo, words) in new (string, byte[]?, string)[]
        {
            (string.Join('\n', Enumerable.Repeat("line", 7)), null, "The address has 7 lines; at most 6 are printed."),
            (new string('W', 61), null, "A line of the address has 61 characters; shorten it to 60."),
            ("", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), "Choose a PNG or a JPEG file."),
            ("", new byte[LogoFile.MaxBytes + 1], "The logo is larger than 200 KB. Choose a smaller file."),
        })
        {
            using var refused = await SaveAsync(address, logo);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(words, (await Visitor.ReadAsync(refused)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        }
        Assert.Null(await AddressAsync());
    }

    private Task<string?> AddressAsync() => clinics.Site.InAsync(_clinic, async services => (await services.GetRequiredService<CreditUsageDb>().Set<Letterhead>().SingleOrDefaultAsync())?.Address);

    private async Task<HttpResponseMessage> SaveAsync(string address, byte[]? logo, params (string Name, string Value)[] more)
    {
        var page = await _administrator.PageAsync("/letterhead");
        string Shown(string name) => page.QuerySelector<IHtmlInputElement>($"main input[name={name}]")!.Value;
        using var form = new MultipartFormDataContent { { new StringContent(Shown("__RequestVerificationToken")), "__RequestVerificationToken" }, { new StringContent(address), "address" } };
        foreach (var (name, value) in more.Any(field => field.Name == "Version") ? more : more.Append(("Version", Shown("Version")))) form.Add(new StringContent(value), name);
        if (logo is not null) form.Add(new ByteArrayContent(logo), "logo", "logo.png");
        return await _administrator.Http.PostAsync(new Uri("/letterhead", UriKind.Relative), form);
    }
}
