namespace CreditUsage.Core.Report.Charts;

/// <summary>A report's groups as the pictures show them: people and programs by what they cost, the dearest first, and days in their order.</summary>
/// <param name="filter">Without groups.</param>
/// <param name="parts">Of its events.</param>
internal sealed class PicturedGroups(UsageReportFilter filter, IReadOnlyList<UsagePart> parts, UsageNames names)
{
    private static readonly UsageSort Dearest = new(UsageColumn.Cost, Descending: true);

    public IReadOnlyList<UsageGroup> Days => Of(filter with { GroupBy = UsageGroupBy.Day }, part => part.OfDay);

    public IReadOnlyList<UsageGroup> Staff => Of(filter with { GroupBy = UsageGroupBy.Staff, Sort = Dearest }, part => part.OfStaff);

    /// <summary>None where programs are hidden.</summary>
    public IReadOnlyList<UsageGroup> Programs => filter.ProgramsHidden ? [] : Of(filter with { GroupBy = UsageGroupBy.Program, Sort = Dearest }, part => part.OfProgram);

    private IReadOnlyList<UsageGroup> Of(UsageReportFilter grouped, Func<UsagePart, UsageSum> sum) => new UsageGroups(grouped, [.. parts.Select(sum)], names).All;
}
