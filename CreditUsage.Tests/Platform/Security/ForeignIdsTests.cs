using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Reports;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Savings;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>Every link and form with an id that one clinic's Administrator sees, replayed by another clinic's.</summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
public sealed class ForeignIdsTests
{
    private const string Outsider = "administrator@outside.example";

    /// <summary>Where things with ids are listed; what these lead to is looked at too.</summary>
    private static readonly string[] Lists =
    [
        "/alerts", "/api-keys", "/credits", "/credits/prices", "/deliveries", "/imports", "/saved-reports", "/schedules", "/usage-report/jobs", "/usage-report/money-found?year=2026&month=8", "/usage-report/views", "/users",
    ];

    [Fact]
    public async Task What_another_clinics_Administrator_sees_with_an_id_is_not_there_for_this_ones()
    {
        await using var clinic = await ClosingClinic.OpenAsync();
        await FillAsync(clinic);
        await clinic.Site.UserAsync(await clinic.Site.SubscriptionAsync("Outside Clinic", ClosingClinic.August.Start), Outsider, Roles.Administrator);
        using var owner = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Administrator);
        using var outsider = await Visitor.SignedInAsync(clinic.Site, Outsider);
        var (links, forms) = await CollectAsync(owner);
        var before = await DumpAsync(clinic);

        foreach (var link in links)
        {
            using var answer = await outsider.GetAsync(link);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{link}: {answer.StatusCode}");
        }
        foreach (var (address, fields) in forms)
        {
            using var answer = await outsider.PostAsync("/months", address, fields);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict, $"{address}: {answer.StatusCode}");
        }
        Assert.Equal(before, await DumpAsync(clinic));

        // Each kind of thing was met.
        string[] paths = ["/credits/entries/", "/imports/", "/saved-reports/", "/schedules/", "/usage-report/jobs/", "/users/"];
        Assert.All(paths, path => Assert.Contains(links, link => link.StartsWith(path, StringComparison.Ordinal)));
        string[] handled = ["/alerts", "/deliveries", "/usage-report/views", "/usage-report/money-found", "/usage-report/jobs", "/users"];
        Assert.All(handled, path => Assert.Contains(forms, form => form.Address.StartsWith(path, StringComparison.Ordinal)));
    }

    private static async Task FillAsync(ClosingClinic clinic)
    {
        await clinic.CloseAsync(ClosingClinic.August);
        await clinic.Site.RecordAsync(clinic.Id, Ledgers.Grant("2026-10-02", 10));
        await clinic.InAsync(services =>
        {
            var (db, now) = (services.GetRequiredService<CreditUsageDb>(), clinic.Site.Clock.GetUtcNow());
            db.Add(CardSchedule.Of(clinic.Id, "1306158990", new DateOnly(2026, 11, 1), new DateOnly(2026, 12, 31)));
            db.Add(new AlertRule { SubscriptionId = clinic.Id, Kind = AlertKind.BalanceBelow, Line = 5, Emails = "", SetBy = ClosingClinic.Administrator, SetAt = now });
            db.Add(new SavedView { SubscriptionId = clinic.Id, Name = "Mine", Owner = ClosingClinic.Administrator, Shared = true, IsDefault = false, Query = "groupBy=staff", SavedAt = now });
            db.Add(new DeliveryRecipient { SubscriptionId = clinic.Id, Name = "Board", Email = "board@closing.example", AddedBy = ClosingClinic.Administrator, AddedAt = now });
            db.Add(new DismissedFinding { SubscriptionId = clinic.Id, Finding = $"{SavingsFindingKind.Missing.Code()}:1", Message = "A day", Reason = "Known", DismissedBy = ClosingClinic.Finance, DismissedAt = now });
            db.Add(new ReportJob { SubscriptionId = clinic.Id, Form = ReportType.Month, Month = ClosingClinic.September, Request = "sessions=true", RequestedBy = ClosingClinic.Administrator, RequestedAt = now, State = ReportJobState.Running, Attempts = 1, LeasedUntil = now.AddDays(1) });
            return db.SaveChangesAsync();
        });
    }

    /// <summary>Of the lists and of every page that they lead to.</summary>
    private static async Task<(IReadOnlyList<string> Links, IReadOnlyList<(string Address, Dictionary<string, string> Fields)> Forms)> CollectAsync(Visitor owner)
    {
        var (links, forms) = (new SortedSet<string>(StringComparer.Ordinal), new List<(string, Dictionary<string, string>)>());
        var pages = new Queue<string>(Lists);
        while (pages.TryDequeue(out var path))
        {
            using var answer = await owner.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            var page = await Visitor.ReadAsync(answer);
            foreach (var link in page.QuerySelectorAll("main a[href^='/']").Select(link => link.GetAttribute("href")!.Split('#')[0]).Where(HasId))
                if (links.Add(link)) pages.Enqueue(link);
            foreach (var form in page.QuerySelectorAll<IHtmlFormElement>("main form[method=post]")) forms.AddRange(Sent(path, form));
        }
        return ([.. links], forms);
    }

    private static IEnumerable<(string Address, Dictionary<string, string> Fields)> Sent(string path, IHtmlFormElement form)
    {
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[type=hidden]").Where(field => field.Name is not (null or "__RequestVerificationToken")).ToDictionary(field => field.Name!, field => field.Value);
        return form.QuerySelectorAll("button").Select(button => button.GetAttribute("formaction") ?? form.GetAttribute("action") ?? path)
            .Where(address => HasId(address) || fields.Keys.Any(name => name.Equals("id", StringComparison.OrdinalIgnoreCase))).Select(address => (address, fields));
    }

    /// <summary>A part of the path that is a number or a GUID, or id= in the query.</summary>
    private static bool HasId(string address) => address.Contains("id=", StringComparison.Ordinal)
        || address.Split('?')[0].Split('/').Any(part => long.TryParse(part, out _) || Guid.TryParse(part, out _));

    private static async Task<string> DumpAsync(ClosingClinic clinic)
    {
        var tables = new[] { "AlertRules", "DeliveryRecipients", "DismissedFindings", "LedgerEntries", "ReportJobs", "SavedReports", "SavedViews", "TopUpSchedules", "UsageEvents", "UsageImports" };
        var dumped = new List<string>();
        foreach (var table in tables) dumped.Add($"{table}: {await RawData.DumpAsync(clinic.Site.DataPath, $"SELECT * FROM {table} WHERE SubscriptionId = {clinic.Id} ORDER BY 1")}");
        return string.Join('\n', dumped);
    }
}
