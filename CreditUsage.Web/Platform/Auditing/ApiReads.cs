using CreditUsage.Domain.Auditing;

namespace CreditUsage.Platform.Auditing;

/// <summary>Sums what each key reads, until its minute is over: a program that asks every second leaves one entry a minute, and not sixty.</summary>
public sealed class ApiReads
{
    /// <summary>Different reads that an entry names.</summary>
    private const int MostNamed = 20;

    private readonly Dictionary<(int Subscription, string Key), Minute> _minutes = [];

    internal void Add(AuditedRead read)
    {
        lock (_minutes)
        {
            var key = (read.SubscriptionId, read.Actor);
            if (!_minutes.TryGetValue(key, out var minute)) _minutes[key] = minute = new Minute(read.At);
            minute.Count(read.Detail, read.At);
        }
    }

    /// <summary>Takes what was read in minutes that are over at <paramref name="now"/>; everything where it is null.</summary>
    internal IReadOnlyList<AuditedRead> Take(DateTimeOffset? now)
    {
        lock (_minutes)
        {
            var over = _minutes.Where(entry => now is null || entry.Value.First.AddMinutes(1) <= now).Select(entry => entry.Value.Entry(entry.Key.Subscription, entry.Key.Key)).ToList();
            foreach (var entry in over) _minutes.Remove((entry.SubscriptionId, entry.Actor));
            return over;
        }
    }

    private sealed class Minute(DateTimeOffset first)
    {
        private readonly Dictionary<string, int> _reads = new(StringComparer.Ordinal);
        private DateTimeOffset _last;
        private int _all;

        public DateTimeOffset First { get; } = first;

        public void Count(string what, DateTimeOffset at)
        {
            (_last, _all) = (at, _all + 1);
            if (_reads.Count < MostNamed || _reads.ContainsKey(what)) _reads[what] = _reads.GetValueOrDefault(what) + 1;
        }

        public AuditedRead Entry(int subscription, string key)
        {
            var named = _reads.Select(read => read.Value == 1 ? read.Key : FormattableString.Invariant($"{read.Key} ({read.Value} times)"));
            var others = _all - _reads.Values.Sum();
            return new(subscription, key, _last, AuditAction.ApiRead, "API", string.Join("; ", others == 0 ? named : named.Append(FormattableString.Invariant($"{others} more"))));
        }
    }
}
