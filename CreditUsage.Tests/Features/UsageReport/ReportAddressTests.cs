using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Core.Jobs;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Months;
using CreditUsage.Domain.Reports;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.UsageReport;

/// <summary>What addresses and the audit keep of what was looked at: programs by their rows, and no text that was searched for.</summary>
public sealed class ReportAddressTests : IAsyncLifetime
{
    private const string Finance = "finance@address.example";
    private const string October = "?year=2026&month=10&sessions=true&topUps=true";
    private const string Illness = "Trauma & PTSD";
    private const string Named = October + "&program=Trauma%20%26%20PTSD&groupBy=staff&sort=-cost";

    private readonly Site _site = new() { ChangeServices = QuickEngine.AddTo };
    private int _clinic;
    private int _program;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.SubscriptionAsync("Address Clinic", new DateOnly(2026, 1, 1));
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
        await _site.PriceAsync(_clinic, new DateOnly(2026, 1, 1), 500_000);
        await _site.ImportRowsAsync(
            _clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", program: Illness), CsvRow.Session("E2", "2026-10-02T09:30:00Z", program: "Sleep"), CsvRow.TopUp("E3", "2026-10-02"));
        _program = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().Programs.Where(program => program.Name == Illness).Select(program => program.Id).SingleAsync());
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Theory]
    [InlineData("")]
    [InlineData("/print")]
    [InlineData("/csv")]
    [InlineData("/json")]
    [InlineData("/xlsx")]
    [InlineData("/pdf")]
    [InlineData("/explain")]
    [InlineData("/billback")]
    public async Task An_address_that_names_a_program_leads_to_the_one_with_its_row_and_keeps_everything_else(string form)
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var answer = await finance.GetAsync($"/usage-report{form}{Named}");

        Assert.Equal((HttpStatusCode.Redirect, $"/usage-report{form}{October}&program={_program}&groupBy=staff&sort=-cost"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task The_page_offers_programs_by_row_says_the_name_and_names_none_in_any_address()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        var page = await finance.PageAsync($"/usage-report{October}&program={_program}&groupBy=program");

        Assert.Equal(["E1"], page.EventIds());
        Assert.Contains($"Program: {Illness}", page.QuerySelector(".criteria")!.TextContent, StringComparison.Ordinal);
        var chosen = Assert.Single(page.QuerySelectorAll<IHtmlInputElement>("input[type=checkbox][name=program]"));
        Assert.Equal(($"{_program}", Illness), (chosen.Value, chosen.ParentElement!.TextContent.Trim()));
        Assert.All(page.QuerySelectorAll("a, form, [hx-get]"), element => Assert.All(
            new[] { "href", "action", "hx-get" }.Select(name => element.GetAttribute(name)), address => Assert.DoesNotContain("Trauma", address ?? "", StringComparison.Ordinal)));
        using var unknown = await finance.GetAsync($"/usage-report{October}&program=Unheard");
        Assert.Contains("matches your filters", (await Visitor.ReadAsync(unknown)).QuerySelector(".nothing")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_that_was_saved_with_a_programs_name_still_opens_and_a_form_with_one_is_still_taken()
    {
        await _site.InAsync(_clinic, async services =>
        {
            var db = services.GetRequiredService<CreditUsageDb>();
            db.Add(new SavedView { SubscriptionId = _clinic, Name = "Old", Owner = Finance, Shared = false, IsDefault = false, Query = "sessions=true&topUps=true&program=Trauma%20%26%20PTSD", SavedAt = _site.Clock.GetUtcNow() });
            return await db.SaveChangesAsync();
        });
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        var view = (await finance.PageAsync("/usage-report/views")).QuerySelector("tr[data-view=Old] a")!.GetAttribute("href")!;
        using var opened = await finance.GetAsync(view);
        using var saved = await finance.PostAsync("/usage-report" + October, "/usage-report/views" + Named, new Dictionary<string, string> { ["name"] = "New" });

        Assert.Equal(["E1"], (await finance.PageAsync(opened.Headers.Location!.OriginalString)).EventIds());
        Assert.Equal(HttpStatusCode.SeeOther, saved.StatusCode);
        var query = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().SavedViews.Where(kept => kept.Name == "New").Select(kept => kept.Query).SingleAsync());
        Assert.Contains($"program={_program}", query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_of_several_programs_is_a_row_in_the_address_in_a_view_and_in_the_audit()
    {
        var sleep = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().Programs.Where(program => program.Name == "Sleep").Select(program => program.Id).SingleAsync());
        var both = $"{October}&program={_program}&program={sleep}";
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var named = await finance.GetAsync($"/usage-report{October}&program=Trauma%20%26%20PTSD&program={sleep}&client=C1&client=-");
        Assert.Equal($"/usage-report{both}&client=C1&client=-", named.Headers.Location!.OriginalString);
        Assert.Equal(["E1", "E3", "E2"], (await finance.PageAsync($"/usage-report{both}")).EventIds());
        using var saved = await finance.PostAsync("/usage-report" + October, $"/usage-report/views{both}", new Dictionary<string, string> { ["name"] = "Both", ["isDefault"] = "true" });
        Assert.Equal($"/usage-report{both}", saved.Headers.Location!.OriginalString);
        Assert.Equal([$"{_program}", $"{sleep}"], (await finance.PageAsync("/usage-report")).QuerySelectorAll<IHtmlInputElement>("#usage-results input[name=program]").Select(field => field.Value));
        await WriteAuditAsync();
        Assert.Contains(await _site.AuditAsync(_clinic), entry => entry.StartsWith("Run | October 2026", StringComparison.Ordinal) && entry.Contains($"&program={_program}&program={sleep}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_audit_says_that_a_text_was_searched_for_and_not_which_and_names_no_program()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        foreach (var form in new[] { "", "/print", "/csv", "/json", "/xlsx", "/pdf", "/explain", "/billback", "/compare", "/pictures", "/pack" })
        {
            using var answer = await finance.GetAsync($"/usage-report{form}{October}&q=Trauma&program={_program}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        using var saved = await finance.PostAsync("/usage-report" + October, $"/usage-report/pdf{October}&q=Trauma");
        await CancelOldJobAsync();
        await WriteAuditAsync();

        var audit = await _site.AuditAsync(_clinic);

        Assert.All(audit, entry => Assert.DoesNotContain("Trauma", entry, StringComparison.OrdinalIgnoreCase));
        Assert.All(audit, entry => Assert.DoesNotContain("q=", entry, StringComparison.Ordinal));
        Assert.True(audit.Count(entry => entry.Contains("searched for a text", StringComparison.Ordinal)) >= 12, string.Join('\n', audit));
        Assert.Contains(audit, entry => entry.StartsWith("Run | October 2026", StringComparison.Ordinal) && entry.Contains($"program={_program}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HEAD_leaves_nothing_in_the_audit()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        foreach (var path in new[] { "", "/print", "/csv", "/json", "/xlsx", "/pdf", "/explain", "/billback", "/compare", "/pictures", "/pack", "/money-found", "/rows-verified", "/accounting", "/accounting/focus" })
        {
            using var answer = await finance.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/usage-report{path}{October}"));
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
        foreach (var path in new[] { "/credits/statement", "/credits/statement/csv", "/credits/statement/pdf" })
        {
            using var answer = await finance.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{path}?year=2026&month=10"));
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }

        await WriteAuditAsync();
        var looks = await _site.InAsync(_clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries
            .Where(entry => entry.Action == AuditAction.Run || entry.Action == AuditAction.View || entry.Action == AuditAction.Export).ToListAsync());
        Assert.Empty(looks.Select(entry => $"{entry.Action} {entry.Detail}"));
    }

    [Theory]
    [InlineData("?month=2026-10", "3")]
    [InlineData("?month=2026-10&sessions=true", "2")]
    [InlineData("?month=2026-10&topUps=true&sessions=false", "1")]
    public async Task A_month_as_year_and_number_is_that_month_of_both_kinds_unless_one_is_asked_for(string query, string events)
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        var page = await finance.PageAsync("/usage-report" + query);
        using var csv = await finance.GetAsync("/usage-report/csv" + query);
        using var accounts = await finance.GetAsync("/usage-report/accounting" + query);

        Assert.Equal(events, page.Total("all").Events);
        Assert.Equal(("10", "2026"), (page.QuerySelector<IHtmlSelectElement>("#month")!.Value, page.QuerySelector<IHtmlSelectElement>("#year")!.Value));
        Assert.Equal(events == "3", page.QuerySelector("#topUps")!.HasAttribute("checked") && page.QuerySelector("#sessions")!.HasAttribute("checked"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (csv.StatusCode, accounts.StatusCode));
    }

    [Theory]
    [InlineData("?month=2026-13", "Choose a month from January to December")]
    [InlineData("?month=2026-12", "December 2026 has not started")]
    [InlineData("?year=2026&month=2026-10&sessions=true", "Choose a month from January to December")]
    public async Task Another_month_is_refused_in_words(string query, string words)
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var answer = await finance.GetAsync("/usage-report" + query);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(words, (await Visitor.ReadAsync(answer)).QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
    }

    /// <summary>A request from before addresses had rows, with the program's name in it.</summary>
    private Task<bool> CancelOldJobAsync() => _site.InAsync(_clinic, async services =>
    {
        var (db, now) = (services.GetRequiredService<CreditUsageDb>(), _site.Clock.GetUtcNow());
        var job = new ReportJob
        {
            Id = Guid.CreateVersion7(now),
            SubscriptionId = _clinic,
            Form = ReportType.Month,
            Month = new UsageMonth(2026, 10),
            Closes = false,
            Request = Named + "&q=Ann",
            RequestedBy = Finance,
            RequestedAt = now,
            State = ReportJobState.Running,
            LeasedUntil = now.AddDays(1),
            Rows = 1,
        };
        db.Add(job);
        await db.SaveChangesAsync();
        await services.GetRequiredService<CancelJob>().RunAsync(job.Id, CancellationToken.None);
        return true;
    });

    private Task<bool> WriteAuditAsync() => _site.InAsync(_clinic, async services =>
    {
        await services.GetRequiredService<AuditBacklog>().WriteAsync(CancellationToken.None);
        return true;
    });
}
