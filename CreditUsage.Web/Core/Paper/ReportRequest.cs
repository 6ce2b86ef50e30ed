using CreditUsage.Core.Report;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Core.Paper;

/// <param name="By">Who is billed; null for the report itself.</param>
public sealed record ReportRequest(ReportFilter Filter, UsageGroupBy? By = null)
{
    public ReportType Type => By is null ? ReportType.Month : ReportType.Billback;

    /// <summary>The query string of what differs from the plain report of the same month, kinds and form; empty for the plain one.</summary>
    public string Variant => By is { } by ? string.Join('&', new[] { Filter.Variant, $"by={by.Word()}" }.Where(part => part.Length > 0)) : Filter.Variant;

    public string Query => By is { } by ? $"{Filter.Query()}&by={by.Word()}" : Filter.Query();

    public string AuditDetails => By is { } by ? $"{Filter.AuditDetails}, by {by.Label().ToLowerInvariant()}" : Filter.AuditDetails;

    /// <summary>"Credit Usage Report 2026-10.pdf" or "Credit Usage Billback 2026-10 - by client.pdf".</summary>
    public string FileName => By is { } by ? $"{Path.GetFileNameWithoutExtension(Filter.FileName("pdf", "Billback"))} - by {by.Label().ToLowerInvariant()}.pdf" : Filter.FileName("pdf");
}
