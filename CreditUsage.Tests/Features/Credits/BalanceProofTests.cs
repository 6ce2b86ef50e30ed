using System.Net;
using CreditUsage.Data;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.Credits;
using CreditUsage.Features.Credits;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>The figure that ONE shows, held against the ledger. The clock of these tests stands at 22/11/2026 12:00 GMT.</summary>
public sealed class BalanceProofTests(CreditSite credits) : IClassFixture<CreditSite>
{
    private const string Page = "/credits/proof";

    private Site Site => credits.Site;

    [Fact]
    public async Task The_same_figure_agrees_and_is_kept_once_with_its_audit()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            await Site.RecordAsync(clinic, Ledgers.Grant("2026-11-01", 100));

            using var answer = await ProveAsync(finance, "2026-11-20", "09:30", "100");
            using var again = await ProveAsync(finance, "2026-11-20", "09:30", "100");
            var page = await finance.PageAsync(answer.Headers.Location!.OriginalString);

            Assert.Equal(answer.Headers.Location, again.Headers.Location);
            var proof = Assert.Single(await ProofsAsync(clinic));
            Assert.Equal((100L, 100L, 0L, "Agreed."), (proof.ShownCredits, proof.LedgerCredits, proof.ExplainedCredits, proof.Finding));
            Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero), proof.ShownAt);
            Assert.Contains("20/11/2026 09:30 GMT: reconciled", page.QuerySelector("#proof h2")!.TextContent, StringComparison.Ordinal);
            Assert.Equal(1, await Site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().AuditEntries.CountAsync(entry => entry.Action == AuditAction.Proof)));
        }
    }

    [Fact]
    public async Task Top_ups_of_the_day_just_gone_explain_what_ONE_has_not_deducted_yet()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            await Site.RecordAsync(clinic, Ledgers.Grant("2026-11-01", 100));
            await Site.ImportRowsAsync(clinic, CsvRow.TopUp("T1", "2026-11-18"), CsvRow.TopUp("T2", "2026-11-19"), CsvRow.TopUp("T3", "2026-11-19", device: "1000000002"), CsvRow.TopUp("T4", "2026-11-20"));

            using var answer = await ProveAsync(finance, "2026-11-20", "00:05", "99");
            var page = await finance.PageAsync(answer.Headers.Location!.OriginalString);

            var proof = Assert.Single(await ProofsAsync(clinic));
            Assert.Equal((97L, 2L), (proof.LedgerCredits, proof.ExplainedCredits));
            Assert.Equal("ONE shows 2 credits more. Daily top-ups of 19/11/2026, which ONE may not have deducted yet: +2. All of it is explained.", proof.Finding);
            var cause = page.QuerySelectorAll("tr[data-cause]").Single(row => row.Children[2].TextContent == "Yes");
            Assert.Equal(("+2", "/usage-report?year=2026&month=11&sessions=true&topUps=true"), (cause.Children[1].TextContent, cause.QuerySelector("a")!.GetAttribute("href")));
        }
    }

    [Fact]
    public async Task Events_that_came_in_late_for_a_closed_month_explain_what_ONE_deducted_before()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-01", 100));
            await Site.CloseAsync(clinic, CreditSite.October);
            await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-12T09:30:00Z", minutes: 25), CsvRow.TopUp("E2", "2026-10-31"));

            using var answer = await ProveAsync(finance, "2026-11-20", "09:30", "94");

            var proof = Assert.Single(await ProofsAsync(clinic));
            Assert.Equal((100L, -6L), (proof.LedgerCredits, proof.ExplainedCredits));
            Assert.Contains("recorded after their month was closed, so counted later: -6. All of it is explained.", proof.Finding, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Corrections_made_here_explain_until_both_have_agreed_on_them()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            var grant = await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-01", 100));
            await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-02", 30));
            await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-12T09:30:00Z", minutes: 25));
            await Site.CorrectAsync(clinic, "E1", -5, CreditSite.October, new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero));
            var usage = await ExplainAsync(clinic, new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero), 125);
            Assert.Equal((130L, -5L, 0L), (usage.LedgerCredits, usage.Explained, usage.Unexplained));
            Assert.Equal("Usage corrected here that ONE may not have", Assert.Single(usage.Causes, cause => cause.Explains).What);

            await Site.TakeBackAsync(clinic, grant.Id);
            var now = Site.Clock.GetUtcNow();
            var both = await ExplainAsync(clinic, now, 125);
            Assert.Equal((30L, 95L, 0L), (both.LedgerCredits, both.Explained, both.Unexplained));
            Assert.Equal([-5L, 100L], both.Causes.Where(cause => cause.Explains).Select(cause => cause.Credits));

            using var agreed = await ProveAsync(finance, "2026-11-20", "09:30", "130");
            var after = await ExplainAsync(clinic, now, 125);
            Assert.Equal([100L], after.Causes.Where(cause => cause.Explains).Select(cause => cause.Credits));
            Assert.Equal(-5, after.Unexplained);
        }
    }

    [Fact]
    public async Task Corrections_made_after_the_moment_of_what_lies_before_it_explain_what_ONE_had_right()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            var wrong = await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-01", 30));
            await Site.RecordAsync(clinic, Ledgers.Grant("2026-10-02", 100));
            await Site.ImportRowsAsync(clinic, CsvRow.Session("E1", "2026-10-12T09:30:00Z", minutes: 25), CsvRow.Session("E2", "2026-11-21T09:30:00Z", minutes: 35));
            await Site.CorrectAsync(clinic, "E1", -2, CreditSite.October, new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
            // What lies after the moment is no matter of it, corrected or not.
            await Site.CorrectAsync(clinic, "E2", -7, CreditSite.October.Next, new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
            var moment = new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);

            var usage = await ExplainAsync(clinic, moment, 127);
            Assert.Equal((125L, 2L, 0L), (usage.LedgerCredits, usage.Explained, usage.Unexplained));
            Assert.Equal("Earlier usage corrected here after that time", Assert.Single(usage.Causes, cause => cause.Explains).What);

            await Site.TakeBackAsync(clinic, wrong.Id);
            var both = await ExplainAsync(clinic, moment, 97);
            Assert.Equal((125L, -28L, 0L), (both.LedgerCredits, both.Explained, both.Unexplained));
            Assert.Equal([2L, -30L], both.Causes.Where(cause => cause.Explains).Select(cause => cause.Credits));
        }
    }

    [Fact]
    public async Task What_nothing_explains_stays_and_is_said()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            await Site.RecordAsync(clinic, Ledgers.Grant("2026-11-01", 100));
            await Site.ImportRowsAsync(clinic, CsvRow.TopUp("T1", "2026-11-19"));

            using var answer = await ProveAsync(finance, "2026-11-20", "09:30", "1,107");

            var proof = Assert.Single(await ProofsAsync(clinic));
            Assert.Equal((99L, 1_107L - 99), (proof.LedgerCredits, proof.ShownCredits - proof.LedgerCredits));
            Assert.StartsWith("ONE shows 1,008 credits more.", proof.Finding, StringComparison.Ordinal);
            Assert.EndsWith($"{1_008 - proof.ExplainedCredits:N0} credits are unexplained.", proof.Finding, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_fewest_causes_that_leave_the_least_are_chosen()
    {
        BalanceCause[] causes = [new("a", 5, "/"), new("b", -3, "/"), new("c", 2, "/"), new("d", 7, "/")];

        var explanation = BalanceExplanation.Of(DateTimeOffset.UnixEpoch, 107, 100, causes);

        Assert.Equal(["d"], explanation.Causes.Where(cause => cause.Explains).Select(cause => cause.What));
        Assert.Equal((7L, 0L), (explanation.Explained, explanation.Unexplained));
        Assert.Equal(-1, BalanceExplanation.Of(DateTimeOffset.UnixEpoch, 96, 100, causes).Unexplained);
    }

    [Theory]
    [InlineData("2026-11-23", "09:30", "100", "#day")]
    [InlineData("2026-11-22", "12:01", "100", "#day")]
    [InlineData("2025-12-31", "09:30", "100", "#day")]
    [InlineData("2026-11-20", "24:00", "100", "#time")]
    [InlineData("2026-11-20", "09:30", "1.5", "#credits")]
    [InlineData("2026-11-20", "09:30", "1.000", "#credits")]
    [InlineData("2026-11-20", "09:30", "", "#credits")]
    public async Task A_wrong_figure_is_refused_and_nothing_is_kept(string day, string time, string figure, string link)
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            using var answer = await ProveAsync(finance, day, time, figure);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Equal([link], (await Visitor.ReadAsync(answer)).QuerySelectorAll(".fault-summary a").Select(fault => fault.GetAttribute("href")));
            Assert.Empty(await ProofsAsync(clinic));
        }
    }

    [Fact]
    public async Task An_auditor_reads_proofs_and_records_none_and_another_clinic_finds_none()
    {
        var (clinic, finance) = await credits.ClinicAsync();
        using (finance)
        {
            using var answer = await ProveAsync(finance, "2026-11-20", "09:30", "0");
            var path = answer.Headers.Location!.OriginalString;
            using var auditor = await credits.VisitorAsync(clinic, Roles.Auditor);
            var (_, other) = await credits.ClinicAsync();
            using (other)
            {
                var page = await auditor.PageAsync(path);
                Assert.NotNull(page.QuerySelector("#proof"));
                Assert.Null(page.QuerySelector("main form"));
                using var hidden = await other.GetAsync(path);
                Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
            }
        }
    }

    private static Task<HttpResponseMessage> ProveAsync(Visitor visitor, string day, string time, string figure) =>
        visitor.PostAsync(Page, Page, new Dictionary<string, string> { ["day"] = day, ["time"] = time, ["credits"] = figure });

    private Task<BalanceExplanation> ExplainAsync(int clinic, DateTimeOffset at, long shown) =>
        Site.InAsync(clinic, services => services.GetRequiredService<ExplainBalance>().RunAsync(at, shown, CancellationToken.None));

    private Task<List<BalanceProof>> ProofsAsync(int clinic) =>
        Site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().BalanceProofs.AsNoTracking().ToListAsync());
}
