using System.Net;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Corrections;
using CreditUsage.Tests.Features.Credits;
using CreditUsage.Tests.Features.Savings;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Journals;

/// <summary>FOCUS 1.2 by the public validator's own rules, for a month with all that makes figures awkward.</summary>
public sealed class FocusRulesTests
{
    private const string Query = "?year=2026&month=10";
    private const string Address = "/usage-report/accounting/focus" + Query;

    /// <summary>
    /// Of the validator's conditions on providers. Not these: availability zones, regions, tags, sub-accounts, several kinds of account, provisioned resources, capacity that is
    /// reserved, several pricing categories, a second or virtual currency (credits are priced in pounds), commitment discounts (credits are bought, not committed to) and a public
    /// price list (each clinic has its own prices).
    /// </summary>
    private static readonly HashSet<string> Supported = ["ACCOUNT_NAMING_SUPPORTED", "USAGE_MEASUREMENT_SUPPORTED", "UNIT_PRICING_SUPPORTED", "NEGOTIATED_PRICING_SUPPORTED", "RESOURCE_TYPE_ASSIGNMENT_SUPPORTED"];

    private static readonly string[] Instants = ["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"];
    private static readonly string[] Units = ["Credits", "Sessions", "Days", "Minutes", "Purchases"];
    private static readonly string[] Numbers = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "ConsumedQuantity"];
    private static readonly string[] Placeholders = ["null", "none", "n/a", "not applicable", "-"];
    private static readonly IReadOnlySet<string> Known = new FocusRules().Columns;

    /// <summary>What the validator's file asks in words alone, by the beginnings of the rules' ids.</summary>
    private static readonly (string Rules, Func<FocusRow, bool> Holds)[] OwnChecks =
    [
        ("DateTimeFormat-A-", row => Instants.All(column => FocusRules.IsInstant(row[column]!))),
        ("CurrencyFormat-A-001", IsInPounds), ("BillingCurrency-C-005", IsInPounds), ("ListUnitPrice-C-009", IsInPounds), ("EffectiveCost-C-006", IsInPounds), ("BilledCost-C-006", IsInPounds),
        ("ContractedUnitPrice-C-010", IsInPounds), ("ContractedCost-C-005", IsInPounds), ("ListCost-C-005", IsInPounds),
        ("NumericFormat-A-012", row => Numbers.All(row.Has)),
        ("NumericFormat-A-", row => Numbers.All(column => row[column] is not { } number || FocusRules.IsNumber(number))),
        ("ConsumedQuantity-C-008", row => FocusRules.IsNumber(row["ConsumedQuantity"]!)),
        ("StringHandling-A-001", row => row.Fields.Values.All(FocusRules.IsUnicode)),
        ("ColumnHandling-A-010", row => row.Fields.Keys.All(column => Known.Contains(column) || column.StartsWith("x_", StringComparison.Ordinal))),
        ("ColumnHandling-A-", row => row.Fields.Keys.All(column => column.Replace("x_", "", StringComparison.Ordinal) is var name && char.IsAsciiLetterUpper(name[0]) && name.All(char.IsAsciiLetter))),
        ("UnitFormat-A-003", row => Units.Contains(row["PricingUnit"]) && (row["ConsumedUnit"] is not { } unit || Units.Contains(unit))),
        ("NullHandling-A-", row => row.Fields.Values.All(value => !Placeholders.Contains(value.ToLowerInvariant()))),
        ("BillingAccountId-C-004", row => row.Distinct("BillingAccountId", "BillingAccountName") == 1),
        ("BillingPeriodStart-C-004", row => row["BillingPeriodStart"] == "2026-10-01T00:00:00Z"), ("BillingPeriodEnd-C-004", row => row["BillingPeriodEnd"] == "2026-11-01T00:00:00Z"),
        ("ChargePeriodStart-C-004", IsOneDay), ("ChargePeriodEnd-C-004", IsOneDay),
        ("PricingQuantity-C-009", IsExact), ("ContractedCost-C-009", IsExact),
        ("ResourceId-C-", row => (row["ResourceId"] is { Length: 10 }) == (row["ServiceName"] == "Daily top-ups")),
        // Every price was agreed beforehand.
        ("PricingCategory-C-", row => row["PricingCategory"] == "Standard"),
        ("ServiceName-C-006", row => row["ServiceCategory"] == "Other"),
        ("ChargeClass-C-", row => (row["ChargeClass"] is not null) == IsOfAnEarlierMonth(row)),
    ];

    /// <summary>What does not apply, or what no row of a month can show.</summary>
    private static readonly (string Rules, string Because)[] Exempt =
    [
        ("CurrencyFormat-A-002", "No column has a virtual currency."),
        ("KeyValueFormat-A-", "No column has keys and values: there are no tags and no price details."),
        ("StringHandling-A-003", "Texts are as they were recorded, but for an apostrophe before one that a spreadsheet would run; AccountingTests holds that."),
        ("StringHandling-A-004", "Names are kept as they were when the event was recorded (domain.md rule 5)."),
        ("StringHandling-A-005", "The same: renaming rewrites no earlier row."),
        ("StringHandling-A-006", "Ids are the metering system's, which nothing here rewrites."),
        ("PricingUnit-C-008", "There is no published price list."),
        ("PricingUnit-C-009", "Invoices are the provider's own and are not kept here."),
        ("BilledCost-C-007", "There is no InvoiceId, which is only recommended: its rules in the file both demand and forbid it."),
    ];

    [Fact]
    public async Task Every_must_of_the_validator_holds_and_effective_costs_are_the_reports_pence()
    {
        await using var clinic = await AwkwardAsync();
        await CorrectAsync(clinic);
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        var fields = await AccountingTests.FocusAsync(finance, Query);

        var rows = fields.ConvertAll(row => new FocusRow(row, fields));
        Assert.Empty(Broken(rows));
        // -225 taken back, 100 late, 99.9999 and 33.3333 at £0.333333, 157.5 and 105 more at £0.525, 100 - 60, 50, 150 + 50 and nothing as stated.
        const long expected = -225 + 100 + 100 + 33 + 158 + 105 + 100 - 60 + 50 + 150 + 50;
        Assert.Equal((decimal)expected, rows.Sum(row => FocusRules.Number(row["EffectiveCost"]!)) * 100);
        var report = await clinic.InAsync(services => services.GetRequiredService<ReportQuery>().OpenAsync(ReportFilter.Whole(new UsageMonth(2026, 10)), CancellationToken.None));
        Assert.Equal(expected, report.All.CostPence);
        Assert.Equal(500m + 1000 - 200, rows.Sum(row => FocusRules.Number(row["BilledCost"]!)) * 100);
        Assert.Equal(["1.575", "0.525", "3", "1.58"], Cells(rows, "S1", "ListCost", "ListUnitPrice", "PricingQuantity", "EffectiveCost"));
        Assert.Equal(["1.00", "1.00", "1", "Sessions"], Cells(rows, "E1", "ListCost", "ListUnitPrice", "PricingQuantity", "PricingUnit"));
        Assert.Equal(["1.50", "0.50", "3", "Credits"], Cells(rows, "E3", "ListCost", "ListUnitPrice", "PricingQuantity", "PricingUnit"));
        // Those that there are: a usage, a purchase, and of each what puts an earlier month right.
        Assert.Equal(["Purchase|", "Purchase|Correction", "Usage|", "Usage|Correction"], rows.Select(row => $"{row["ChargeCategory"]}|{row["ChargeClass"]}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_month_in_which_a_price_is_missing_has_no_file_since_no_cost_may_stand_in_for_an_unknown_one()
    {
        await using var clinic = await AwkwardAsync(allPriced: false);
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);

        using var withheld = await finance.GetAsync(Address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, withheld.StatusCode);
        Assert.Contains("withheld", await withheld.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await clinic.Site.PriceAsync(clinic.Clinic, new DateOnly(2026, 10, 1), 333_333);
        var fields = await AccountingTests.FocusAsync(finance, Query);
        Assert.Empty(Broken(fields.ConvertAll(row => new FocusRow(row, fields))));
    }

    [Fact]
    public void Every_exemption_and_every_check_of_this_test_is_of_a_rule_that_there_is()
    {
        var ids = new FocusRules().Musts.Where(rule => rule.Requirement is null).Select(rule => rule.Id).ToList();
        Assert.All(OwnChecks.Select(check => check.Rules).Concat(Exempt.Select(exempt => exempt.Rules)), rules => Assert.Contains(ids, id => id.StartsWith(rules, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("EffectiveCost", "", "EffectiveCost-C-003-M")]
    [InlineData("BilledCost", "1,000.00", "BilledCost-C-002-M")]
    [InlineData("ListCost", "9.99", "ListCost-C-009-C")]
    [InlineData("ChargeFrequency", "Now and then", "ChargeFrequency-C-003-M")]
    [InlineData("ChargePeriodEnd", "2026-10-31", "ChargePeriodEnd-C-002-M")]
    [InlineData("PricingUnit", "credits", "UnitFormat-A-003-M")]
    public async Task A_wrong_field_is_found_by_its_rule(string column, string value, string rule)
    {
        await using var clinic = await AwkwardAsync();
        using var finance = await Visitor.SignedInAsync(clinic.Site, InsightSite.Finance);
        var fields = await AccountingTests.FocusAsync(finance, Query);
        fields.Single(row => row["x_EventId"] == "S1")[column] = value;

        Assert.Contains(Broken(fields.ConvertAll(row => new FocusRow(row, fields))), broken => broken.StartsWith($"{rule}: ", StringComparison.Ordinal));
    }

    /// <summary>The rules that a row breaks, and those that apply to one and that nothing here looks at.</summary>
    private static List<string> Broken(IReadOnlyList<FocusRow> rows)
    {
        var broken = new List<string>();
        foreach (var rule in new FocusRules().Musts)
        {
            var applies = rows.Where(row => FocusRules.Applies(rule, row, Supported)).ToList();
            if (applies.Count == 0 || Exempt.Any(exempt => rule.Requirement is null && rule.Id.StartsWith(exempt.Rules, StringComparison.Ordinal))) continue;
            var own = OwnChecks.FirstOrDefault(check => rule.Id.StartsWith(check.Rules, StringComparison.Ordinal)).Holds;
            if (rule.Requirement is null && own is null) broken.Add($"{rule.Id}: nothing looks at: {rule.Sentence}");
            else if (applies.Find(row => !(rule.Requirement is { } check ? FocusRules.Holds(check, row) : own!(row))) is { } wrong) broken.Add($"{rule.Id}: {rule.Sentence} {string.Join(',', wrong.Fields.Values)}");
        }
        return broken;
    }

    /// <summary>September is closed. October has two prices with fractions of a penny, stated costs, purchases, and what puts September right.</summary>
    private static async Task<InsightSite> AwkwardAsync(bool allPriced = true)
    {
        var clinic = await InsightSite.OpenAsync(priced: false);
        await clinic.Site.PriceAsync(clinic.Clinic, new DateOnly(2026, 10, 10), 525_000);
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-09-01", 1, 10, 200, 33, "A-1"));
        await clinic.ImportAsync(CsvRow.Session("S0", "2026-09-05T09:00:00Z", minutes: 25, cost: "2.25"));
        await clinic.CloseAsync(new UsageMonth(2026, 9));
        await clinic.ReverseAsync("S0");
        await clinic.Site.TakeBackAsync(clinic.Clinic, (await clinic.Site.EntriesAsync(clinic.Clinic))[0].Id);
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-10-01", 1, 7, 500, 83, "A-2"));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Purchase("2026-10-02", 2, 10, 1000, 167, "A-3"));
        await clinic.Site.RecordAsync(clinic.Clinic, Ledgers.Grant("2026-10-02", 3));
        await clinic.ImportAsync(
            CsvRow.Session("L1", "2026-09-20T09:00:00Z", minutes: 15, cost: "1.00"), CsvRow.Session("U1", "2026-10-02T09:00:00Z", minutes: 11), CsvRow.TopUp("T1", "2026-10-03"),
            CsvRow.Session("S1", "2026-10-12T09:00:00Z", minutes: 11), CsvRow.Session("E1", "2026-10-13T09:00:00Z", minutes: 15, cost: "1.00"),
            Stated("E2", credits: "0", cost: "0.50"), CsvRow.Session("E3", "2026-10-15T09:00:00Z", minutes: 15, cost: "1.50"), Stated("Z1", credits: "4", cost: "0.00"));
        if (allPriced) await clinic.Site.PriceAsync(clinic.Clinic, new DateOnly(2026, 10, 1), 333_333);
        return clinic;
    }

    /// <summary>More credits, another cost alone, and fewer credits at a higher cost.</summary>
    private static Task<bool> CorrectAsync(InsightSite clinic) => clinic.InAsync(async services =>
    {
        var correct = services.GetRequiredService<CorrectUsage>();
        await correct.AdjustAsync("S1", new AdjustedUsage(null, 5, null), "Longer", CancellationToken.None);
        await correct.AdjustAsync("E1", new AdjustedUsage(null, null, 40), "Cheaper", CancellationToken.None);
        await correct.AdjustAsync("E3", new AdjustedUsage(null, 2, 200), "Dearer", CancellationToken.None);
        return true;
    });

    private static string Stated(string id, string credits, string cost) =>
        CsvRow.Line(id, "connected-session", "2026-10-14T09:00:00Z", "S1", "Sam Staff", "C1", "Ann Client", "Sleep", "", "", "20", credits, cost);

    private static IEnumerable<string> Cells(IEnumerable<FocusRow> rows, string eventId, params string[] columns)
    {
        var row = rows.Single(row => row["x_EventId"] == eventId);
        return columns.Select(column => row[column]!);
    }

    private static bool IsInPounds(FocusRow row) => row["BillingCurrency"] == "GBP";

    private static bool IsOneDay(FocusRow row) => DateTimeOffset.Parse(row["ChargePeriodStart"]!) + TimeSpan.FromDays(1) == DateTimeOffset.Parse(row["ChargePeriodEnd"]!);

    private static bool IsExact(FocusRow row) => FocusRules.Number(row["ContractedUnitPrice"]!) * FocusRules.Number(row["PricingQuantity"]!) == FocusRules.Number(row["ContractedCost"]!);

    /// <summary>A late event is no correction; what takes something of September back is.</summary>
    private static bool IsOfAnEarlierMonth(FocusRow row) => string.CompareOrdinal(row["ChargePeriodStart"], row["BillingPeriodStart"]) < 0
        && (row["ChargeCategory"] == "Purchase" ? FocusRules.Number(row["BilledCost"]!) < 0 : row["ChargeDescription"]!.Contains("correction of", StringComparison.Ordinal));
}
