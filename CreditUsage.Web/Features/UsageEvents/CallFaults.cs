using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;

namespace CreditUsage.Features.UsageEvents;

/// <summary>The faults of a call's events: the first thousand are listed, all are counted.</summary>
internal sealed class CallFaults(IReadOnlyList<UsageInput> events)
{
    private const int MaxListed = 1000;

    private readonly List<(int Index, UsageFault Fault)> _listed = [];
    private string? _whole;

    public int Count { get; private set; }

    public void AddNoEvents() => (_whole, Count) = ("The array is empty. Send at least one event.", 1);

    public void Add(int index, IEnumerable<UsageFault> faults) => Add(faults.Select(fault => (index, fault)));

    public void Add(IEnumerable<(int Index, UsageFault Fault)> faults)
    {
        foreach (var fault in faults)
        {
            Count++;
            if (_listed.Count < MaxListed) _listed.Add(fault);
        }
    }

    /// <param name="what">Follows "Some events".</param>
    public ApiAnswer Answer(int status, string what) => ApiAnswer.Problem(status, _whole ?? $"Some events {what}. Nothing was stored; put right what errors says and send the call again.", json =>
    {
        json.WriteNumber("error_count", _whole is null ? Count : 0);
        json.WriteStartArray("errors");
        foreach (var (index, fault) in _listed)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteString("event_id", Short(events[index].EventId));
            json.WriteString("field", fault.Field);
            json.WriteString("message", fault.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>A wrong id may have any length.</summary>
    private static string Short(string id) => id.Length <= UsageValidator.MaxIdCharacters ? id : id[..UsageValidator.MaxIdCharacters];
}
