using CreditUsage.Domain.Months;
using CreditUsage.Features.Credits;

namespace CreditUsage.Tests.Core.Closing;

/// <summary>Something done to a clinic's books, as data: the site does it and the oracle works it out.</summary>
internal abstract record Act;

/// <summary>Lines of an import file.</summary>
internal sealed record Import(params string[] Rows) : Act;

internal sealed record Reverse(string EventId) : Act;

/// <summary>What an event should come to; null is worked out from the rest.</summary>
internal sealed record Adjust(string EventId, int? Minutes, int? Credits, long? Pence) : Act;

internal sealed record Enter(LedgerDraft Draft) : Act;

/// <param name="Draft">Entered before.</param>
internal sealed record TakeBack(LedgerDraft Draft) : Act;

internal sealed record Close(UsageMonth Month) : Act;

internal sealed record Reopen(UsageMonth Month) : Act;
