using System.Net;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Alerts;

public sealed class AlertsPageTests
{
    [Fact]
    public async Task A_Finance_Administrator_adds_and_removes_alerts_and_an_Auditor_only_sees_them()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.UseAsync("E1", "2026-11-02", credits: 3, staff: "S7", program: "Trauma and PTSD");
        using var finance = await Visitor.SignedInAsync(clinic.Site, AlertClinic.Finance);
        Assert.Equal("Name of S7", (await finance.PageAsync("/alerts?add=StaffMonthAbove")).QuerySelector("#Of option[value=S7]")!.TextContent);
        Assert.NotNull((await finance.PageAsync("/alerts?add=ProgramMonthAbove")).QuerySelector("#Of option[value='Trauma and PTSD']"));
        foreach (var fields in new[]
        {
            Fields("BalanceBelow", "1,500", emails: "A@clinic.example, b@clinic.example"), Fields("RunsOutWithin", "21"), Fields("MonthAbove", "£1,250.50"),
            Fields("StaffMonthAbove", "300", of: "S7"), Fields("ProgramMonthAbove", "0.01", of: "Trauma and PTSD"),
        })
        {
            using var added = await PostAsync(finance, "Add", fields);
            Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        }

        var page = await clinic.PageAsync(AlertClinic.Auditor);
        Assert.Equal(
            ["Fewer than 1,500 credits available", "Credits run out within 21 days", "A month above £1,250.50", "A month of Name of S7 above £300.00", "A month of Trauma and PTSD above £0.01"],
            page.QuerySelectorAll("[data-rule] th").Select(title => title.TextContent));
        Assert.Equal("a@clinic.example, b@clinic.example", page.QuerySelector("[data-rule] td:nth-child(3)")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("main form"));
        Assert.Equal("A Finance Administrator or an Administrator of your clinic can set alerts and budgets.", page.QuerySelector("[data-who-can]")!.TextContent);
        Assert.Equal([1500L, 21, 125050, 30000, 1], (await clinic.RulesAsync()).Select(rule => rule.Line));

        using var removed = await PostAsync(finance, "Remove", new() { ["id"] = $"{(await clinic.RulesAsync())[3].Id}" });
        using var again = await PostAsync(finance, "Remove", new() { ["id"] = $"{(await clinic.RulesAsync())[3].Id}" });
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Conflict), (removed.StatusCode, again.StatusCode));
        Assert.Equal(4, (await clinic.PageAsync()).QuerySelectorAll("[data-rule]").Length);
        // The program by its number: its name is an illness.
        var program = await clinic.Site.InAsync(clinic.Id, services => services.GetRequiredService<CreditUsageDb>().Programs.Where(known => known.Name == "Trauma and PTSD").Select(known => known.Id).SingleAsync());
        using var last = await PostAsync(finance, "Remove", new() { ["id"] = $"{(await clinic.RulesAsync())[4].Id}" });
        Assert.Equal(
            new[]
            {
                "Alert 1, fewer than 1,500 credits available: added, e-mail to a@clinic.example,b@clinic.example", "Alert 2, credits run out within 21 days: added", "Alert 3, a month above £1,250.50: added",
                "Alert 4, a month of S7 above £300.00: added", $"Alert 5, a month of program {program} above £0.01: added", "Alert 4, a month of S7 above £300.00: removed",
                $"Alert 5, a month of program {program} above £0.01: removed",
            }.Select(detail => $"{AlertClinic.Finance}: Setting: {detail}"),
            await clinic.AuditAsync());
    }

    [Theory]
    [InlineData("BalanceBelow", "0", "", "", "Line", "Enter a whole number of credits from 1 to 100,000,000.")]
    [InlineData("BalanceBelow", "1.5", "", "", "Line", "Enter a whole number of credits from 1 to 100,000,000.")]
    [InlineData("RunsOutWithin", "366", "", "", "Line", "Enter a whole number of days from 1 to 365.")]
    [InlineData("RunsOutWithin", "", "", "", "Line", "Enter a whole number of days from 1 to 365.")]
    [InlineData("MonthAbove", "1.005", "", "", "Line", "Enter the budget in pounds and pence, such as 1,250.00, up to 10,000,000.")]
    [InlineData("MonthAbove", "1.000", "", "", "Line", "Enter the budget in pounds and pence, such as 1,250.00, up to 10,000,000.")]
    [InlineData("BalanceBelow", "1.000", "", "", "Line", "Enter a whole number of credits from 1 to 100,000,000.")]
    [InlineData("MonthAbove", "-1", "", "", "Line", "Enter the budget in pounds and pence, such as 1,250.00, up to 10,000,000.")]
    [InlineData("MonthAbove", "1e3", "", "", "Line", "Enter the budget in pounds and pence, such as 1,250.00, up to 10,000,000.")]
    [InlineData("StaffMonthAbove", "1", "S9", "", "Of", "Choose a staff member from the list.")]
    [InlineData("StaffMonthAbove", "1", "", "", "Of", "Choose a staff member from the list.")]
    [InlineData("ProgramMonthAbove", "1", "Nothing", "", "Of", "Choose a program from the list.")]
    [InlineData("BalanceBelow", "10", "", "not an address", "Emails", "Enter e-mail addresses of at most 100 characters such as name@clinic.example, separated by commas.")]
    [InlineData("BalanceBelow", "10", "", "a@b.example\r\nBcc:c@d.example", "Emails", "Enter e-mail addresses of at most 100 characters such as name@clinic.example, separated by commas.")]
    [InlineData("BalanceBelow", "10", "", "a@a.example,b@a.example,c@a.example,d@a.example,e@a.example,f@a.example", "Emails", "Enter at most 5 e-mail addresses.")]
    [InlineData("BalanceBelow", "77", "", "", "Line", "You already have this alert. Enter a different threshold.")]
    public async Task What_cannot_be_watched_is_refused_with_the_form_as_it_was_left(string kind, string line, string of, string emails, string field, string message)
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.BalanceBelow, "77");
        using var administrator = await Visitor.SignedInAsync(clinic.Site, AlertClinic.Administrator);
        using var answer = await PostAsync(administrator, "Add", Fields(kind, line, of, emails));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        var link = page.QuerySelector(".fault-summary a")!;
        Assert.Equal((message, $"#{field}"), (link.TextContent, link.GetAttribute("href")));
        Assert.Equal("true", page.QuerySelector($"#{field}")!.GetAttribute("aria-invalid"));
        Assert.Equal((line, kind), (page.QuerySelector("#Line")!.GetAttribute("value") ?? "", page.QuerySelector("[name=Kind]")!.GetAttribute("value")));
        Assert.Single(await clinic.RulesAsync());
    }

    [Fact]
    public async Task What_fired_stands_on_the_home_page_and_here_until_somebody_has_seen_it()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.BalanceBelow, "1");
        await clinic.UseAsync("E1", "2026-11-02", credits: 1);
        await clinic.RunAsync();
        const string said = "-1 credit is available, fewer than your threshold of 1.";
        Assert.StartsWith($"New alert: {said}", (await clinic.PageAsync(path: "/dashboard")).QuerySelector("[data-attention=alerts]")!.TextContent, StringComparison.Ordinal);
        var shown = (await clinic.PageAsync()).QuerySelector("[data-unseen]")!;
        Assert.Contains(said, shown.TextContent, StringComparison.Ordinal);

        var fields = new Dictionary<string, string> { ["id"] = shown.GetAttribute("data-unseen")! };
        using (var auditor = await Visitor.SignedInAsync(clinic.Site, AlertClinic.Auditor))
        using (var denied = await PostAsync(auditor, "Seen", fields))
            Assert.Contains("AccessDenied", denied.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var finance = await Visitor.SignedInAsync(clinic.Site, AlertClinic.Finance);
        using var seen = await PostAsync(finance, "Seen", fields);
        Assert.Equal(HttpStatusCode.Redirect, seen.StatusCode);
        using (var administrator = await Visitor.SignedInAsync(clinic.Site, AlertClinic.Administrator))
        using (var later = await PostAsync(administrator, "Seen", fields))
            Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);

        var page = await clinic.PageAsync();
        Assert.Null(page.QuerySelector("[data-unseen]"));
        Assert.Equal($"22/11/2026 12:00 GMT by {AlertClinic.Finance}", page.QuerySelector("[data-firing]")!.LastElementChild!.TextContent);
        Assert.Null((await clinic.PageAsync(path: "/dashboard")).QuerySelector("[data-attention=alerts]"));
    }

    [Fact]
    public async Task The_page_of_a_new_subscription_says_that_nothing_is_watched()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        var page = await clinic.PageAsync();
        Assert.Equal(["No new alerts.", "Alerts tell you when credits run low or a budget is passed.", "No alerts yet."], page.QuerySelectorAll(".nothing").Select(text => text.TextContent.Trim()));
        Assert.Equal("Alerts and budgets", page.QuerySelector("nav [aria-current=page]")!.TextContent.Trim());
        using var administrator = await Visitor.SignedInAsync(clinic.Site, AlertClinic.Administrator);
        using var unknown = await administrator.GetAsync("/alerts?add=Weather");
        using var number = await administrator.GetAsync("/alerts?add=1");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (unknown.StatusCode, number.StatusCode));
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task Another_subscription_neither_sees_nor_changes_them()
    {
        await using var clinic = await AlertClinic.OpenAsync();
        await clinic.AddAsync(AlertKind.BalanceBelow, "1");
        await clinic.UseAsync("E1", "2026-11-02", credits: 1);
        await clinic.RunAsync();
        var other = await clinic.Site.SubscriptionAsync("Other Clinic", new DateOnly(2026, 10, 1));
        await clinic.Site.UserAsync(other, "administrator@other.example", Roles.Administrator);
        using var visitor = await Visitor.SignedInAsync(clinic.Site, "administrator@other.example");
        var page = await visitor.PageAsync(AlertClinic.Path);
        Assert.Empty(page.QuerySelectorAll("[data-rule], [data-unseen], [data-firing]"));

        foreach (var (handler, id) in new[] { ("Remove", (await clinic.RulesAsync())[0].Id), ("Seen", (await clinic.FiringsAsync())[0].Id) })
        {
            using var answer = await PostAsync(visitor, handler, new() { ["id"] = $"{id}" });
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Null((await clinic.RulesAsync())[0].RemovedAt);
        Assert.Null((await clinic.FiringsAsync())[0].SeenAt);
    }

    private static Dictionary<string, string> Fields(string kind, string line, string of = "", string emails = "") =>
        new() { ["Kind"] = kind, ["Line"] = line, ["Of"] = of, ["Emails"] = emails };

    private static Task<HttpResponseMessage> PostAsync(Visitor visitor, string handler, Dictionary<string, string> fields) =>
        visitor.PostAsync(AlertClinic.Path, $"{AlertClinic.Path}?handler={handler}", fields);
}
