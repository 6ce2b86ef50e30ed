using System.Globalization;
using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>The groups of a report, in order. People are identified by their own ids: one who was renamed is one group, two of the same name are two.</summary>
internal sealed class UsageGroups
{
    private const string Nobody = "";
    private static readonly StringComparer Titles = StringComparer.Create(Display.British, ignoreCase: true);

    private readonly UsageGroupBy _by;
    private readonly NameDictionary _names;
    private readonly Dictionary<string, UsageGroup> _groups = new(StringComparer.Ordinal);
    private readonly ILookup<string, UsageSum> _sums;

    public UsageGroups(ReportFilter filter, IReadOnlyList<UsageSum> sums, NameDictionary names)
    {
        (_by, _names) = (filter.GroupBy!.Value, names);
        _sums = sums.ToLookup(sum => KeyOf(sum.Kind, sum.Id, sum.Day), StringComparer.Ordinal);
        var found = _sums
            .Select(group => (group.Key, Title: Title(group.MaxBy(sum => sum.Id ?? 0)!), Total: group.Aggregate(UsageTotal.Nothing, (total, sum) => total + sum.Total))).ToList();
        var namesakes = Namesakes.Of(filter, found.Select(group => group.Title));
        foreach (var (key, title, total) in InOrder(found, filter.Sort))
            _groups.Add(key, new UsageGroup(_groups.Count, key, namesakes.Title(title, key), key == Nobody, total, FilterOf(filter, key)));
    }

    public IReadOnlyList<UsageGroup> All => [.. _groups.Values];

    public IReadOnlyList<UsageSum> SumsOf(IReadOnlyCollection<UsageGroup> groups) => [.. _groups.Where(group => groups.Contains(group.Value)).SelectMany(group => _sums[group.Key])];

    /// <summary>The groups of a range of rows when each group's rows are adjacent.</summary>
    /// <returns>The groups, and how many of their own rows come before the range.</returns>
    public (IReadOnlyList<UsageGroup> Groups, int Skip) Within(int skip, int take)
    {
        var (shown, before, at) = (new List<UsageGroup>(), 0, 0);
        foreach (var group in _groups.Values)
        {
            var begins = at;
            at += group.Total.Rows;
            if (at <= skip) before = at;
            else if (begins < skip + take) shown.Add(group);
        }
        return (shown, skip - before);
    }

    public UsageGroup Of(UsageRow row)
    {
        int? id = _by switch
        {
            UsageGroupBy.Staff => row.StaffMemberId,
            UsageGroupBy.Client => row.ClientId,
            UsageGroupBy.Program => row.ProgramId,
            UsageGroupBy.Device => row.TopUpDeviceId,
            _ => null,
        };
        return _groups[KeyOf(row.Kind, id, row.ServiceDate)];
    }

    private string KeyOf(UsageKind kind, int? id, DateOnly day) => _by switch
    {
        UsageGroupBy.Day => Text(day),
        UsageGroupBy.Week => Text(Monday(day)),
        UsageGroupBy.Kind => kind.Code(),
        _ => _names.Of(Names, id)?.Owner ?? Nobody,
    };

    private string Title(UsageSum sum) => (_by, _names.Of(Names, sum.Id)) switch
    {
        (UsageGroupBy.Day, _) => Display.Day(sum.Day),
        (UsageGroupBy.Week, _) => $"Week of {Display.Day(Monday(sum.Day))}",
        (UsageGroupBy.Kind, _) => sum.Kind.Label(),
        (_, { } name) => NameDictionary.Title(Names, name),
        (UsageGroupBy.Device, null) => "No device (connected sessions)",
        _ => RowFilter.NoClientLabel,
    };

    private NameKind Names => _by switch { UsageGroupBy.Client => NameKind.Client, UsageGroupBy.Program => NameKind.Program, UsageGroupBy.Device => NameKind.Device, _ => NameKind.Staff };

    /// <summary>By their own figures where the rows are sorted by a figure, else by time or title; groups without a title last.</summary>
    private IEnumerable<(string Key, string Title, UsageTotal Total)> InOrder(IReadOnlyList<(string Key, string Title, UsageTotal Total)> groups, UsageSort sort)
    {
        var figure = Figure(sort.Column);
        var ordered = figure is not null ? groups.OrderBy(group => figure(group.Total)).ThenBy(group => group.Title, Titles)
            : _by is UsageGroupBy.Day or UsageGroupBy.Week or UsageGroupBy.Kind ? groups.OrderBy(group => group.Key, StringComparer.Ordinal)
            : groups.OrderBy(group => group.Title, Titles).ThenBy(group => group.Key, StringComparer.Ordinal);
        var turned = sort.Descending && (figure is not null || sort.Column == _by.Column()) ? ordered.Reverse() : ordered;
        return turned.OrderBy(group => group.Key == Nobody);
    }

    private static Func<UsageTotal, long>? Figure(UsageColumn column) => column switch
    {
        UsageColumn.Cost => total => total.KnownCostPence,
        UsageColumn.Credits => total => total.Credits,
        UsageColumn.Duration => total => total.Minutes,
        _ => null,
    };

    private ReportFilter FilterOf(ReportFilter filter, string key)
    {
        var (alone, rows) = (filter.Ungrouped, filter.Rows);
        return _by switch
        {
            UsageGroupBy.Day => alone with { Rows = rows with { From = Day(key), To = Day(key) } },
            UsageGroupBy.Week => alone with { Rows = rows with { From = Later(rows.From, Day(key)), To = Earlier(rows.To, Day(key).AddDays(6)) } },
            UsageGroupBy.Staff => alone with { Rows = rows with { Staff = [key] } },
            UsageGroupBy.Client => alone with { Rows = rows with { Client = [key == Nobody ? RowFilter.NoClient : key] } },
            UsageGroupBy.Program => alone with { Rows = rows with { Program = [key] } },
            UsageGroupBy.Device => key == Nobody ? alone with { TopUps = false } : alone with { Rows = rows with { Device = [key] } },
            _ => alone with { Sessions = key == UsageKinds.ConnectedSession, TopUps = key == UsageKinds.DailyTopUp },
        };
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static DateOnly Later(DateOnly? one, DateOnly other) => one > other ? one.Value : other;

    private static DateOnly Earlier(DateOnly? one, DateOnly other) => one < other ? one.Value : other;

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
