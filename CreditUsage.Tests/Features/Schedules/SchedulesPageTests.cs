using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using static CreditUsage.Tests.Features.Schedules.ChargedSite;

namespace CreditUsage.Tests.Features.Schedules;

/// <summary>The clock stands at 22 November 2026, 12:00 UTC.</summary>
public sealed class SchedulesPageTests : IAsyncLifetime
{
    private const string Card = "1306158990";
    private const string Finance = "finance@clinic.example";
    private const string Administrator = "administrator@clinic.example";
    private const string Auditor = "auditor@clinic.example";

    private readonly Site _site = new();
    private int _clinic;

    public async Task InitializeAsync()
    {
        _site.UseKestrel(0);
        _site.StartServer();
        _clinic = await _site.ClinicAsync();
        await _site.UserAsync(_clinic, Finance, Roles.FinanceAdministrator);
        await _site.UserAsync(_clinic, Administrator, Roles.Administrator);
        await _site.UserAsync(_clinic, Auditor, Roles.Auditor);
    }

    public Task DisposeAsync() => _site.DisposeAsync().AsTask();

    [Fact]
    public async Task A_clinic_without_schedules_is_told_so_and_offered_to_make_one()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var page = await finance.PageAsync("/schedules");

        Assert.NotNull(page.QuerySelector("[data-empty] a[href='/schedules/new']"));
        Assert.NotNull(page.QuerySelector("[data-charging=outside]"));
        Assert.Null(page.QuerySelector("input[name=charging]"));
    }

    [Fact]
    public async Task Running_schedules_come_first_by_their_last_day_then_future_ones_and_ended_ones_on_demand()
    {
        await _site.ScheduleAsync(_clinic, Schedule("0000000001", "2026-11-01", "2026-12-31", client: "Ann Client"));
        await _site.ScheduleAsync(_clinic, Schedule("0000000002", "2026-11-01", "2026-11-22"));
        await _site.ScheduleAsync(_clinic, Schedule("0000000003", "2026-11-23", "2026-11-30"));
        await _site.ScheduleAsync(_clinic, Schedule("0000000004", "2026-10-01", "2026-11-21"));
        using var auditor = await Visitor.SignedInAsync(_site, Auditor);

        var page = await auditor.PageAsync("/schedules");
        Assert.Equal(["0000000002", "0000000001", "0000000003"], Devices(page));
        Assert.Equal(["Ends today", "40 days left", "Begins in 1 day"], page.QuerySelectorAll("tr[data-schedule] td:nth-child(7)").Select(cell => cell.TextContent));
        Assert.Equal(["No client: Front desk", "Ann Client (C1)"], page.QuerySelectorAll("tr[data-schedule] td:nth-child(2)").Take(2).Select(cell => cell.TextContent));
        Assert.Empty(page.QuerySelectorAll("tr[data-schedule] a"));
        Assert.Equal("Show 1 ended schedule", page.QuerySelector("a[href='/schedules?ended=true']")!.TextContent);

        Assert.Equal(["0000000002", "0000000001", "0000000003", "0000000004"], Devices(await auditor.PageAsync("/schedules?ended=true")));
    }

    [Fact]
    public async Task A_schedule_without_a_last_day_is_charged_day_by_day_until_it_is_ended_and_promises_this_month()
    {
        await _site.ChargingAsync(_clinic, new DateOnly(2026, 11, 20));
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        using (await finance.PostAsync("/schedules/new", "/schedules/new", Form("2026-11-20", ""))) { }

        Assert.Equal(["2026-11-20", "2026-11-21"], await _site.DaysAsync(_clinic));
        var row = (await finance.PageAsync("/schedules")).QuerySelector("tr[data-schedule]")!;
        Assert.Equal(("None", "Until it is ended"), (row.Children[5].TextContent, row.Children[6].TextContent));
        // From the 22nd to the 30th.
        Assert.Equal("9", (await finance.PageAsync("/dashboard")).QuerySelector("[data-allocated]")!.GetAttribute("data-allocated"));
        var id = row.GetAttribute("data-schedule")!;
        using (await finance.PostAsync($"/schedules/{id}/reassign", $"/schedules/{id}/reassign", new Dictionary<string, string>
        {
            ["Version"] = (await finance.PageAsync($"/schedules/{id}/reassign")).QuerySelector("input[name=Version]")!.GetAttribute("value")!,
            ["first_day"] = "2026-11-25",
            ["client_id"] = "C9",
            ["client_name"] = "Nina New",
            ["identity_note"] = "",
        })) { }
        var schedules = await _site.SchedulesAsync(_clinic);
        Assert.Equal([(new DateOnly(2026, 11, 24), true), (DateOnly.MaxValue, false)], schedules.Select(schedule => (schedule.LastDay, schedule.HasLastDay)));
        using (await finance.PostAsync($"/schedules/{schedules[1].Id}/end", $"/schedules/{schedules[1].Id}/end", new Dictionary<string, string>
        {
            ["Version"] = (await finance.PageAsync($"/schedules/{schedules[1].Id}/end")).QuerySelector("input[name=Version]")!.GetAttribute("value")!,
            ["last_day"] = "2026-12-24",
        })) { }
        Assert.Equal(new DateOnly(2026, 12, 24), (await _site.SchedulesAsync(_clinic))[1].LastDay);
    }

    [Fact]
    public async Task A_schedule_is_copied_and_who_is_known_is_offered()
    {
        await _site.ImportRowsAsync(_clinic, CsvRow.Session("E1", "2026-10-01T09:30:00Z", client: "Ann Client"));
        var copied = await _site.ScheduleAsync(_clinic, Schedule("0000000001", "2026-11-01", "2026-12-31", client: "Bob Brown"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        Assert.NotNull((await finance.PageAsync("/schedules")).QuerySelector($"a[href='/schedules/new?like={copied.Id}']"));

        var page = await finance.PageAsync($"/schedules/new?like={copied.Id}");

        Assert.Equal(["", "Sleep", "C1", "Bob Brown", "Front desk", "S1", "Sam Staff", "", ""], CreditUsage.Domain.Usage.ScheduleInput.Fields.Select(field => page.GetElementById(field)!.GetAttribute("value")));
        Assert.Contains(page.QuerySelectorAll("#clients option"), option => option.TextContent == "Ann Client");
        Assert.Equal("clients", page.GetElementById("client_id")!.GetAttribute("list"));
        Assert.NotEmpty(page.QuerySelectorAll("#staff option"));
        Assert.NotEmpty(page.QuerySelectorAll("#programs option"));
        using var none = await finance.GetAsync("/schedules/new?like=999");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_new_schedule_with_past_days_is_charged_at_once_where_charges_are_made_here()
    {
        await _site.ChargingAsync(_clinic, new DateOnly(2026, 11, 20));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var answer = await finance.PostAsync("/schedules/new", "/schedules/new", Form("2026-11-01", "2026-12-31"));

        Assert.Equal((HttpStatusCode.Redirect, "/schedules"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        var page = await finance.PageAsync("/schedules");
        Assert.Equal("Schedule added for device 1306158990. 2 past days were charged.", page.QuerySelector("[role=status].alert")!.TextContent);
        Assert.Equal(["2026-11-20", "2026-11-21"], await _site.DaysAsync(_clinic));
        var schedule = Assert.Single(await _site.SchedulesAsync(_clinic));
        Assert.Equal(("Ann Client", "Sleep", Finance), (schedule.ClientName, schedule.Program, schedule.RecordedBy));
        Assert.Contains("Schedule | Device 1306158990 | New schedule, from 1 November 2026 to 31 December 2026, a client", await _site.AuditAsync(_clinic));
    }

    [Fact]
    public async Task What_is_wrong_is_said_field_by_field_with_the_form_as_it_was_left()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var form = Form("2023-12-31", "2023-12-30", device: "130615899");
        form["client_name"] = "";
        form["program"] = "Sleep\u202E";

        using var answer = await finance.PostAsync("/schedules/new", "/schedules/new", form);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        Assert.Equal(["#device_id", "#program", "#client_name", "#first_day", "#last_day"], page.QuerySelectorAll(".fault-summary a").Select(link => link.GetAttribute("href")));
        Assert.All(page.QuerySelectorAll(".fault-summary a"), link => Assert.NotNull(page.QuerySelector(link.GetAttribute("href")!)));
        Assert.Equal(("130615899", "true"), (page.QuerySelector("#device_id")!.GetAttribute("value"), page.QuerySelector("#device_id")!.GetAttribute("aria-invalid")));
        Assert.Equal("2023-12-31", page.QuerySelector("#first_day")!.GetAttribute("value"));
        Assert.Empty(await _site.SchedulesAsync(_clinic));
    }

    [Theory]
    [InlineData("2026-10-01", "2026-10-01", true)]
    [InlineData("2026-10-31", "2026-12-31", true)]
    [InlineData("2026-09-01", "2027-01-31", true)]
    [InlineData("2026-09-01", "2026-09-30", false)]
    [InlineData("2026-11-01", "2026-11-30", false)]
    public async Task Schedules_of_a_device_never_overlap(string first, string last, bool overlaps)
    {
        await _site.ScheduleAsync(_clinic, Schedule(Card, "2026-10-01", "2026-10-31"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var answer = await finance.PostAsync("/schedules/new", "/schedules/new", Form(first, last));

        Assert.Equal(overlaps ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(overlaps ? 1 : 2, (await _site.SchedulesAsync(_clinic)).Count);
        if (overlaps) Assert.Contains("from 1 October 2026 to 31 October 2026", (await Visitor.ReadAsync(answer)).QuerySelector("#device_id-fault")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_people_who_add_the_same_schedule_at_once_make_one()
    {
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => finance.PostAsync("/schedules/new", "/schedules/new", Form("2026-12-01", "2026-12-31"))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity));
        Assert.Single(await _site.SchedulesAsync(_clinic));
    }

    [Theory]
    [InlineData("2026-11-20", true)]
    [InlineData("2026-11-21", false)]
    [InlineData("2026-11-29", false)]
    [InlineData("2026-11-30", true)]
    [InlineData("2026-12-01", true)]
    [InlineData("30/11/2026", true)]
    [InlineData("", true)]
    public async Task A_schedule_ends_earlier_but_not_before_a_day_that_was_charged(string lastDay, bool refused)
    {
        await _site.ChargingAsync(_clinic, StartsOn);
        var schedule = await _site.ScheduleAsync(_clinic, Schedule(Card, "2026-11-19", "2026-11-30"));
        await _site.ChargeAsync(_clinic);
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        using var answer = await finance.PostAsync($"/schedules/{schedule.Id}/end", $"/schedules/{schedule.Id}/end", new Dictionary<string, string> { ["last_day"] = lastDay });

        Assert.Equal(refused ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.Redirect, answer.StatusCode);
        var kept = Assert.Single(await _site.SchedulesAsync(_clinic));
        Assert.Equal(refused ? "2026-11-30" : lastDay, kept.LastDay.ToString("yyyy-MM-dd"));
        Assert.Equal(refused ? null : Finance, kept.EndedBy);
        if (refused) Assert.NotEmpty((await Visitor.ReadAsync(answer)).QuerySelector("#last_day-fault")!.TextContent);
    }

    [Fact]
    public async Task A_schedule_of_which_nothing_is_recorded_can_be_withdrawn_and_another_cannot()
    {
        await _site.ChargingAsync(_clinic, StartsOn);
        var future = await _site.ScheduleAsync(_clinic, Schedule("0000000001", "2026-12-01", "2026-12-31"));
        var charged = await _site.ScheduleAsync(_clinic, Schedule("0000000002", "2026-11-21", "2026-12-31"));
        await _site.ChargeAsync(_clinic);
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        var withdraw = new Dictionary<string, string> { ["withdraw"] = "true" };

        using var done = await finance.PostAsync($"/schedules/{future.Id}/end", $"/schedules/{future.Id}/end", withdraw);
        using var refused = await finance.PostAsync($"/schedules/{charged.Id}/end", $"/schedules/{charged.Id}/end", withdraw);

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity), (done.StatusCode, refused.StatusCode));
        Assert.Equal(["0000000002"], (await _site.SchedulesAsync(_clinic)).Select(schedule => schedule.DeviceId));
        Assert.Null((await finance.PageAsync($"/schedules/{charged.Id}/end")).QuerySelector("button[name=withdraw]"));
        Assert.Contains("Schedule | Device 0000000001 | Schedule from 1 December 2026 to 31 December 2026: withdrawn", await _site.AuditAsync(_clinic));
    }

    [Fact]
    public async Task Reassigning_ends_the_schedule_the_day_before_and_begins_another_with_the_new_client()
    {
        await _site.ChargingAsync(_clinic, StartsOn);
        var schedule = await _site.ScheduleAsync(_clinic, Schedule(Card, "2026-11-19", "2026-12-31", client: "Ann Client", note: "Blue card"));
        await _site.ChargeAsync(_clinic);
        using var finance = await Visitor.SignedInAsync(_site, Finance);
        Assert.Equal("Blue card", (await finance.PageAsync($"/schedules/{schedule.Id}/reassign")).QuerySelector("#identity_note")!.GetAttribute("value"));

        Assert.Equal(HttpStatusCode.Redirect, await ReassignAsync(finance, schedule.Id, "2026-11-25", "", ""));

        Assert.Equal(
            [(new(2026, 11, 19), new(2026, 11, 24), "Ann Client", "Blue card"), (new(2026, 11, 25), new(2026, 12, 31), null, "Front desk")],
            (await _site.SchedulesAsync(_clinic)).Select(kept => (kept.FirstDay, kept.LastDay, kept.ClientName, kept.IdentityNote)));
        Assert.Equal("Schedule | Device 1306158990 | Reassigned from a client to no client, from 25 November 2026 to 31 December 2026", (await _site.AuditAsync(_clinic))[^1]);
    }

    [Theory]
    [InlineData("2026-11-18")]
    [InlineData("2026-11-21")]
    [InlineData("2027-01-01")]
    [InlineData("")]
    public async Task Reassigning_from_a_day_that_is_charged_or_outside_the_schedule_is_refused(string from)
    {
        await _site.ChargingAsync(_clinic, StartsOn);
        var schedule = await _site.ScheduleAsync(_clinic, Schedule(Card, "2026-11-19", "2026-12-31"));
        await _site.ChargeAsync(_clinic);
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await ReassignAsync(finance, schedule.Id, from, "C2", "Bea Client"));

        Assert.Equal(new DateOnly(2026, 12, 31), Assert.Single(await _site.SchedulesAsync(_clinic)).LastDay);
    }

    [Fact]
    public async Task Reassigning_from_the_first_day_leaves_only_the_new_client()
    {
        var schedule = await _site.ScheduleAsync(_clinic, Schedule(Card, "2026-12-01", "2026-12-31"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        Assert.Equal(HttpStatusCode.Redirect, await ReassignAsync(finance, schedule.Id, "2026-12-01", "C2", "Bea Client"));

        Assert.Equal("Bea Client", Assert.Single(await _site.SchedulesAsync(_clinic)).ClientName);
    }

    [Fact]
    public async Task An_administrator_switches_charging_on_and_what_is_over_is_charged_at_once()
    {
        await _site.ScheduleAsync(_clinic, Schedule(Card, "2026-11-01", "2026-12-31"));
        using var administrator = await Visitor.SignedInAsync(_site, Administrator);

        using var answer = await SetAsync(administrator, "here", "2026-11-19");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(["2026-11-19", "2026-11-20", "2026-11-21"], await _site.DaysAsync(_clinic));
        Assert.NotNull((await administrator.PageAsync("/schedules")).QuerySelector("[data-charging=here]"));
        Assert.Contains("Setting | Daily top-ups | Charged here from 19 November 2026 on", await _site.AuditAsync(_clinic));

        using var garbage = await SetAsync(administrator, "garbage", "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, garbage.StatusCode);
        Assert.NotNull((await administrator.PageAsync("/schedules")).QuerySelector("[data-charging=here]"));
        using var off = await SetAsync(administrator, "outside", "");
        Assert.NotNull((await administrator.PageAsync("/schedules")).QuerySelector("[data-charging=outside]"));
    }

    [Theory]
    [InlineData("2023-12-31", "1 January 2024")]
    [InlineData("", "first day")]
    [InlineData("2026-02-30", "first day")]
    public async Task A_day_that_charging_cannot_begin_on_is_refused(string from, string word)
    {
        using var administrator = await Visitor.SignedInAsync(_site, Administrator);

        using var answer = await SetAsync(administrator, "here", from);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(word, (await Visitor.ReadAsync(answer)).QuerySelector("#from-fault")!.TextContent, StringComparison.Ordinal);
    }

    [Fact, Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.ForeignIds)]
    public async Task Another_subscriptions_schedules_are_neither_seen_nor_ended()
    {
        var other = await _site.ClinicAsync();
        var theirs = await _site.ScheduleAsync(other, Schedule(Card, "2026-12-01", "2026-12-31"));
        using var finance = await Visitor.SignedInAsync(_site, Finance);

        Assert.Empty(Devices(await finance.PageAsync("/schedules?ended=true")));
        foreach (var path in new[] { $"/schedules/{theirs.Id}/end", $"/schedules/{theirs.Id}/reassign" })
        {
            using var look = await finance.GetAsync(path);
            using var post = await finance.PostAsync("/schedules/new", path, new Dictionary<string, string> { ["last_day"] = "2026-12-02", ["first_day"] = "2026-12-02" });
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (look.StatusCode, post.StatusCode));
        }
        Assert.Equal(new DateOnly(2026, 12, 31), Assert.Single(await _site.SchedulesAsync(other)).LastDay);
    }

    private static Dictionary<string, string> Form(string first, string last, string device = Card) => new()
    {
        ["device_id"] = device,
        ["program"] = "Sleep",
        ["client_id"] = "C1",
        ["client_name"] = " Ann  Client ",
        ["identity_note"] = "",
        ["staff_id"] = "S1",
        ["staff_name"] = "Sam Staff",
        ["first_day"] = first,
        ["last_day"] = last,
    };

    private static IEnumerable<string> Devices(AngleSharp.Dom.IParentNode page) => page.QuerySelectorAll("tr[data-schedule] th").Select(cell => cell.TextContent);

    private static async Task<HttpStatusCode> ReassignAsync(Visitor visitor, int id, string from, string clientId, string client)
    {
        using var answer = await visitor.PostAsync($"/schedules/{id}/reassign", $"/schedules/{id}/reassign", new Dictionary<string, string>
        {
            ["first_day"] = from,
            ["client_id"] = clientId,
            ["client_name"] = client,
            ["identity_note"] = "Front desk",
        });
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> SetAsync(Visitor visitor, string charging, string from) =>
        visitor.PostAsync("/schedules", "/schedules", new Dictionary<string, string> { ["charging"] = charging, ["from"] = from });
}
