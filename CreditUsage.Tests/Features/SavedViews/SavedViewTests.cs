using System.Net;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;

namespace CreditUsage.Tests.Features.SavedViews;

/// <summary>Ways to look at a month, kept under names.</summary>
[Collection(ClinicsCollection.Name)]
public sealed class SavedViewTests(Clinics clinics)
{
    private const string Grouped = "?year=2026&month=9&sessions=true&groupBy=staff&rows=subtotals";

    [Fact]
    public async Task A_view_is_its_owners_and_shared_when_they_say_so_and_the_default_begins_the_report()
    {
        var clinic = await clinics.Site.SubscriptionAsync("Viewed", new DateOnly(2026, 1, 1));
        foreach (var person in new[] { "one", "two" }) await clinics.Site.UserAsync(clinic, $"{person}@viewed.example", Roles.FinanceAdministrator);
        using var one = await Visitor.SignedInAsync(clinics.Site, "one@viewed.example");
        using var two = await Visitor.SignedInAsync(clinics.Site, "two@viewed.example");

        await SaveAsync(one, "By staff", new() { ["isDefault"] = "true" });
        await SaveAsync(one, "For all", new() { ["shared"] = "true" });

        Assert.Equal(["By staff", "For all"], await NamesAsync(one));
        Assert.Equal(["For all"], await NamesAsync(two));
        var begun = await one.PageAsync("/usage-report");
        Assert.Equal(["groupBy=staff", "rows=subtotals"], begun.QuerySelectorAll("#usage-results input[type=hidden]").Select(field => $"{field.GetAttribute("name")}={field.GetAttribute("value")}"));
        Assert.False(begun.QuerySelector("#topUps")!.HasAttribute("checked"));
        Assert.Empty((await two.PageAsync("/usage-report")).QuerySelectorAll("#usage-results input"));
        var opened = await two.PageAsync((await two.PageAsync("/usage-report/views")).QuerySelector("tr[data-view] a")!.GetAttribute("href")!);
        Assert.Contains("Grouped by: staff member", opened.QuerySelector(".criteria")!.TextContent, StringComparison.Ordinal);

        // Saved again it replaces itself; another's cannot be removed.
        await SaveAsync(one, "For all", new() { ["shared"] = "true" });
        Assert.Equal(2, (await NamesAsync(one)).Count);
        var remove = (await one.PageAsync("/usage-report/views")).QuerySelector("tr[data-view=\"For all\"] form")!.GetAttribute("action")!;
        using var refused = await two.PostAsync("/usage-report/views", remove);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        using var removed = await one.PostAsync("/usage-report/views", remove);
        Assert.Equal(HttpStatusCode.SeeOther, removed.StatusCode);
        Assert.Empty(await NamesAsync(two));

        // By number, for people name views after clients too.
        var audit = (await clinics.Site.AuditAsync(clinic)).Where(entry => entry.Contains("Saved view", StringComparison.Ordinal)).ToList();
        var number = audit[1].Split(' ')[6];
        Assert.Equal([$"Setting | Saved view | View {number} saved, shared", $"Setting | Saved view | View {number} saved, shared", $"Setting | Saved view | View {number} removed"], audit[1..]);
        Assert.DoesNotContain(audit, entry => entry.Contains("By staff", StringComparison.Ordinal) || entry.Contains("For all", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(" ", "Enter a name for the view.")]
    [InlineData("a\u0007b", "The name has invisible characters. Enter letters and figures.")]
    public async Task A_name_that_cannot_be_used_is_refused_and_the_view_can_be_named_again(string name, string what)
    {
        using var finance = await Visitor.SignedInAsync(clinics.Site, Clinics.Finance);
        using var answer = await finance.PostAsync("/usage-report/views", "/usage-report/views" + Grouped, new Dictionary<string, string> { ["name"] = name });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        Assert.Contains(what, page.QuerySelector(".fault-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("groupBy=staff", page.QuerySelector("form.save-view")!.GetAttribute("action"), StringComparison.Ordinal);
    }

    private static async Task SaveAsync(Visitor visitor, string name, Dictionary<string, string> fields)
    {
        fields["name"] = name;
        using var answer = await visitor.PostAsync("/usage-report/views", "/usage-report/views" + Grouped, fields);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Visitor visitor) =>
        [.. (await visitor.PageAsync("/usage-report/views")).QuerySelectorAll("tr[data-view]").Select(row => row.GetAttribute("data-view")!)];
}
