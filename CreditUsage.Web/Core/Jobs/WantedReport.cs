using CreditUsage.Core.Paper;

namespace CreditUsage.Core.Jobs;

/// <summary>What is asked for in the background.</summary>
/// <param name="Paper">Of a valid filter.</param>
/// <param name="Closes">The month is to be closed, and the paper is what is kept of that.</param>
/// <param name="Note">Of a closing: why, although something advised is missing on the month's checklist.</param>
public sealed record WantedReport(PaperRequest Paper, bool Closes = false, string? Note = null);
