using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Schedules;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Shared;

/// <summary>Two people have a settings form open. Ann saves first; Bob's save overwrites nothing and shows him what she saved.</summary>
public sealed class SavedMeanwhileTests : IAsyncLifetime
{
    private const string Ann = "ann@clinic.example";
    private const string Bob = "bob@clinic.example";
    private const string Accounting = "/usage-report/accounting?year=2026&month=10";

    private readonly Site _site = new();
    private int _clinic;
    private Visitor _ann = null!;
    private Visitor _bob = null!;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.ClinicAsync();
        await _site.UserAsync(_clinic, Ann, Roles.Administrator);
        await _site.UserAsync(_clinic, Bob, Roles.Administrator);
        (_ann, _bob) = (await Visitor.SignedInAsync(_site, Ann), await Visitor.SignedInAsync(_site, Bob));
    }

    public async Task DisposeAsync()
    {
        _ann.Dispose();
        _bob.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task The_accounts_are_not_overwritten_and_saved_again_after_a_look()
    {
        await PostsAsync(_ann, Accounting, Accounts("100"));
        var shown = await VersionAsync(Accounting);
        await PostsAsync(_ann, Accounting, Accounts("200"));

        var page = await RefusedAsync(Accounting, Accounting, Accounts("300"), shown);

        Assert.Equal(["Connected sessions account|200|300"], Differences(page));
        Assert.Equal("300", page.QuerySelector<IHtmlInputElement>("#SessionsAccount")!.Value);
        Assert.Equal("200", await ValueAsync(db => db.AccountMappings.Select(mapping => mapping.SessionsAccount).SingleAsync()));
        using var again = await _bob.PostAsync(Accounting, Accounting, With(Accounts("300"), VersionOf(page)));
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.Equal("300", await ValueAsync(db => db.AccountMappings.Select(mapping => mapping.SessionsAccount).SingleAsync()));
    }

    [Fact]
    public async Task Of_two_who_name_the_accounts_for_the_first_time_the_second_is_shown_what_the_first_saved()
    {
        var shown = await VersionAsync(Accounting);
        await PostsAsync(_ann, Accounting, Accounts("200"));

        var page = await RefusedAsync(Accounting, Accounting, Accounts("300"), shown);

        Assert.Contains($"Saved by {Ann} at 22/11/2026 12:00 GMT", page.QuerySelector("[data-saved-meanwhile] caption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("200", await ValueAsync(db => db.AccountMappings.Select(mapping => mapping.SessionsAccount).SingleAsync()));
    }

    [Fact]
    public async Task A_form_without_a_version_overwrites_nothing()
    {
        await PostsAsync(_ann, Accounting, Accounts("200"));

        await RefusedAsync(Accounting, Accounting, Accounts("300"), "");
    }

    [Fact]
    public async Task The_terms_of_deliveries_are_not_overwritten()
    {
        const string post = "/deliveries?handler=Terms";
        var shown = await VersionAsync("/deliveries");
        using (var saved = await _ann.PostAsync("/deliveries", post, Terms("7"))) Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);

        var page = await RefusedAsync("/deliveries", post, Terms("9"), shown);

        Assert.Equal(["Day of the following month|7|9"], Differences(page));
        Assert.Equal("9", page.QuerySelector<IHtmlInputElement>("#Day")!.Value);
        Assert.Equal(7, await ValueAsync(db => db.DeliverySchedules.Select(schedule => schedule.Day).SingleAsync()));
        // Who gets them is another form: adding somebody does not make this one stale.
        using (var added = await _ann.PostAsync("/deliveries", "/deliveries?handler=Add", new Dictionary<string, string> { ["Name"] = "Olga", ["Email"] = "olga@clinic.example" })) Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        using var again = await _bob.PostAsync("/deliveries", post, With(Terms("9"), VersionOf(page)));
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    [Fact]
    public async Task Who_charges_is_not_overwritten()
    {
        var shown = await VersionAsync("/schedules");
        await PostsAsync(_ann, "/schedules", Charging("2026-11-10"));

        var page = await RefusedAsync("/schedules", "/schedules", Charging("2026-11-20"), shown);

        Assert.Equal(["Charged here from|2026-11-10|2026-11-20"], Differences(page));
        Assert.Contains($"Saved by {Ann} at", page.QuerySelector("[data-saved-meanwhile] caption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2026, 11, 10), await ValueAsync(db => db.Subscriptions.Where(row => row.Id == _clinic).Select(row => row.ChargesTopUpsFrom).SingleAsync()));
    }

    [Theory]
    [InlineData("end")]
    [InlineData("reassign")]
    public async Task A_schedule_that_somebody_ended_meanwhile_is_neither_ended_nor_reassigned_unseen(string form)
    {
        var schedule = await _site.ScheduleAsync(_clinic, ChargedSite.Schedule("1306158990", "2026-12-01", "2026-12-31"));
        var (end, path) = ($"/schedules/{schedule.Id}/end", $"/schedules/{schedule.Id}/{form}");
        var shown = await VersionAsync(path);
        await PostsAsync(_ann, end, new() { ["last_day"] = "2026-12-20" });

        var page = await RefusedAsync(path, path, new() { ["last_day"] = "2026-12-10", ["first_day"] = "2026-12-10", ["identity_note"] = "Desk" }, shown);

        Assert.Contains($"Saved by {Ann} at", page.QuerySelector("[data-saved-meanwhile] caption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2026, 12, 20), await ValueAsync(db => db.TopUpSchedules.Select(row => row.LastDay).SingleAsync()));
        using var withdrawn = await _bob.PostAsync(end, end, new Dictionary<string, string> { ["withdraw"] = "true", ["Version"] = shown });
        Assert.Equal(HttpStatusCode.Conflict, withdrawn.StatusCode);
        using var again = await _bob.PostAsync(end, end, new Dictionary<string, string> { ["last_day"] = "2026-12-10" });
        Assert.Equal("/schedules", again.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_alert_that_somebody_removed_meanwhile_is_said_to_be_gone()
    {
        await PostsAsync(_ann, "/alerts", new() { ["Kind"] = "BalanceBelow", ["Line"] = "10" }, "/alerts?handler=Add");
        var id = $"{await ValueAsync(db => db.AlertRules.Select(rule => rule.Id).SingleAsync())}";
        await PostsAsync(_ann, "/alerts", new() { ["id"] = id }, "/alerts?handler=Remove");

        using var answer = await _bob.PostAsync("/alerts", "/alerts?handler=Remove", new Dictionary<string, string> { ["id"] = id });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains($"{Ann} already removed this alert at 22/11/2026 12:00 GMT", (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task PostsAsync(Visitor visitor, string page, Dictionary<string, string> fields, string? path = null)
    {
        using var answer = await visitor.PostAsync(page, path ?? page, fields);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    /// <summary>Bob's save of a form that he opened before, which is answered with the form.</summary>
    private async Task<IHtmlDocument> RefusedAsync(string page, string path, Dictionary<string, string> fields, string version)
    {
        using var answer = await _bob.PostAsync(page, path, With(fields, version));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var read = await Visitor.ReadAsync(answer);
        Assert.Contains("Someone else saved this while you were editing, so your changes were not saved.", read.QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        return read;
    }

    private async Task<string> VersionAsync(string page) => VersionOf(await _bob.PageAsync(page));

    private static string VersionOf(IHtmlDocument page) => page.QuerySelector<IHtmlInputElement>("input[name=Version]")!.Value;

    private Task<T> ValueAsync<T>(Func<CreditUsageDb, Task<T>> read) => _site.InAsync(_clinic, services => read(services.GetRequiredService<CreditUsageDb>()));

    private static IEnumerable<string> Differences(IHtmlDocument page) =>
        page.QuerySelectorAll("[data-saved-meanwhile] tr[data-differs=true]").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent)));

    private static Dictionary<string, string> With(Dictionary<string, string> fields, string version) => new(fields) { ["Version"] = version };

    private static Dictionary<string, string> Accounts(string sessions) => new()
    {
        ["SessionsAccount"] = sessions,
        ["TopUpsAccount"] = "401",
        ["PrepaidAccount"] = "620",
        ["DifferencesAccount"] = "",
        ["Basis"] = "ReportPrice",
        ["TaxCode"] = "",
    };

    private static Dictionary<string, string> Terms(string day) => new() { ["Sending"] = "on", ["Day"] = day, ["Hour"] = "6", ["Content"] = "files" };

    private static Dictionary<string, string> Charging(string from) => new() { ["charging"] = "here", ["from"] = from };
}
