using System.Net;
using CreditUsage.Core.Integrity;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Features.Deliveries;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static CreditUsage.Tests.Features.Deliveries.DeliveryClinic;

namespace CreditUsage.Tests.Features.Subscriptions;

/// <summary>A clinic's name and first day, changed by its Administrator or by the verb.</summary>
public sealed class ChangeSubscriptionTests
{
    private const string Page = "/clinic";
    private const string Closed = "/usage-report?year=2026&month=10&sessions=true&topUps=true";

    [Fact]
    public async Task A_new_name_is_used_from_now_on_and_a_closed_month_keeps_the_one_it_was_closed_under()
    {
        await using var clinic = await OpenAsync();
        await clinic.CloseAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        var closedBefore = await JsonAsync(administrator, "2026-10");

        using (var saved = await SaveAsync(administrator, " Riverside  Wellbeing ", "2026-10-01")) Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);

        Assert.Equal("Saved.", (await administrator.PageAsync(Page)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal("Riverside Wellbeing", (await JsonAsync(administrator, "2026-11")).Subscription);
        var closedAfter = await JsonAsync(administrator, "2026-10");
        Assert.Equal((closedBefore.Subscription, "Delivery Clinic"), (closedAfter.Subscription, closedAfter.Subscription));
        Assert.DoesNotContain("changed since it was closed", (await administrator.PageAsync(Closed)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(await DifferenceAsync(clinic));
        Assert.Contains($"{Administrator}: Setting: Clinic: Name changed from Delivery Clinic to Riverside Wellbeing", await clinic.AuditAsync());

        using (await SaveAsync(administrator, "Third Name", "2026-10-01")) { }
        Assert.Equal("Delivery Clinic", (await JsonAsync(administrator, "2026-10")).Subscription);
        Assert.Null(await DifferenceAsync(clinic));
        await clinic.ReopenAsync();
        Assert.Equal("Third Name", (await JsonAsync(administrator, "2026-10")).Subscription);
        await clinic.CloseAsync();
        Assert.Equal("Third Name", (await JsonAsync(administrator, "2026-10")).Subscription);
        Assert.Null(await DifferenceAsync(clinic));
    }

    [Fact]
    public async Task The_first_day_moves_where_nothing_lies_before_it_and_no_month_is_closed()
    {
        await using var clinic = await OpenAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        using (var early = await SaveAsync(administrator, "Delivery Clinic", "2024-08-01")) Assert.Equal(HttpStatusCode.Redirect, early.StatusCode);
        using (var august = await administrator.GetAsync("/usage-report?year=2024&month=8&sessions=true")) Assert.Equal(HttpStatusCode.OK, august.StatusCode);
        Assert.Contains($"{Administrator}: Setting: Clinic: First day changed from 01/10/2026 to 01/08/2024", await clinic.AuditAsync());

        Assert.Contains("There is usage from 03/10/2026 on.", await RefusedAsync(administrator, "Delivery Clinic", "2026-10-04"), StringComparison.Ordinal);
        Assert.Contains("not in the future", await RefusedAsync(administrator, "Delivery Clinic", "2027-01-01"), StringComparison.Ordinal);
        Assert.Contains("Enter the first day", await RefusedAsync(administrator, "Delivery Clinic", "soon"), StringComparison.Ordinal);
        Assert.Contains("Enter the clinic's name.", await RefusedAsync(administrator, " ", "2026-10-01"), StringComparison.Ordinal);
        using (await SaveAsync(administrator, "Delivery Clinic", "2026-10-01")) { }
        await clinic.CloseAsync();
        Assert.Contains("Months up to October 2026 are closed", await RefusedAsync(administrator, "Delivery Clinic", "2026-09-01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_has_saved_meanwhile_is_not_overwritten_and_others_only_read()
    {
        await using var clinic = await OpenAsync();
        using var administrator = await Visitor.SignedInAsync(clinic.Site, Administrator);
        var version = (await administrator.PageAsync(Page)).QuerySelector("input[name=Version]")!.GetAttribute("value")!;
        using (await SaveAsync(administrator, "Another", "2026-10-01")) { }
        using var late = await administrator.PostAsync(Page, Page, Form("Mine", "2026-10-01", version));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("Another", (await Visitor.ReadAsync(late)).Body!.TextContent, StringComparison.Ordinal);
        using var auditor = await Visitor.SignedInAsync(clinic.Site, Auditor);
        Assert.Null((await auditor.PageAsync(Page)).QuerySelector("main form"));
        using var refused = await auditor.PostAsync(Page, Page, Form("Mine", "2026-10-01", version));
        Assert.Contains("AccessDenied", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var finance = await Visitor.SignedInAsync(clinic.Site, Finance);
        using var hidden = await finance.GetAsync(Page);
        Assert.Contains("AccessDenied", hidden.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verbs_change_a_clinic_and_name_another_of_the_same_name()
    {
        using var program = new SiteProgram();
        await program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01");
        Assert.Equal((0, "2\n", "Subscription 1 has this name already; --same-name says that this is another clinic.\n"), await program.RunAsync("create-subscription", "--name", " Clinic", "--start", "2026-01-01"));
        Assert.Equal((0, "3\n", ""), await program.RunAsync("create-subscription", "--name", "Clinic", "--start", "2026-01-01", "--same-name"));

        Assert.Equal((0, "Northside, from 2025-05-01 on.\n", ""), await program.RunAsync("change-subscription", "--subscription", "2", "--name", "Northside", "--start", "2025-05-01"));
        Assert.Equal((0, "Northside, from 2025-06-01 on.\n", ""), await program.RunAsync("change-subscription", "--subscription", "2", "--start", "2025-06-01"));
        Assert.Equal(1, (await program.RunAsync("change-subscription", "--subscription", "2")).ExitCode);
        Assert.Equal(1, (await program.RunAsync("change-subscription", "--subscription", "2", "--start", "2999-01-01")).ExitCode);
    }

    private static Dictionary<string, string> Form(string name, string start, string version) => new() { ["name"] = name, ["start"] = start, ["Version"] = version };

    private static async Task<HttpResponseMessage> SaveAsync(Visitor administrator, string name, string start) =>
        await administrator.PostAsync(Page, Page, Form(name, start, (await administrator.PageAsync(Page)).QuerySelector("input[name=Version]")!.GetAttribute("value")!));

    private static async Task<string> RefusedAsync(Visitor administrator, string name, string start)
    {
        using var answer = await SaveAsync(administrator, name, start);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary")!.TextContent;
    }

    private static async Task<(string Subscription, string Text)> JsonAsync(Visitor visitor, string month)
    {
        var text = await visitor.Http.GetStringAsync(new Uri($"/usage-report/json?year={month[..4]}&month={month[5..]}&sessions=true&topUps=true", UriKind.Relative));
        return (System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("subscription").GetString()!, text);
    }

    /// <summary>What verify-data finds.</summary>
    private static async Task<string?> DifferenceAsync(DeliveryClinic clinic) =>
        (await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<VerifyRecords>().RunAsync([], CancellationToken.None))).Problem;
}
