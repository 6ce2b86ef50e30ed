using CreditUsage.Core.Report;
using CreditUsage.Domain.Reports;

namespace CreditUsage.Core.Paper;

/// <summary>What is wanted on paper: a month, or its billback.</summary>
/// <param name="By">Who is billed; null for the report itself.</param>
public sealed record ReportRequest(ReportFilter Filter, UsageGroupBy? By = null)
{
    public ReportType Type => By is null ? ReportType.Month : ReportType.Billback;

    /// <summary>What tells it from the plain paper of the same month, kinds and form, as a query string; empty for the plain one.</summary>
    public string Variant => By is { } by ? string.Join('&', new[] { Filter.Variant, $"by={by.Word()}" }.Where(part => part.Length > 0)) : Filter.Variant;

    /// <summary>The query string of a URL that asks for the same.</summary>
    public string Query => By is { } by ? $"{Filter.Query()}&by={by.Word()}" : Filter.Query();

    /// <summary>The particulars as the audit tells them.</summary>
    public string AuditDetails => By is { } by ? $"{Filter.AuditDetails}, by {by.Label().ToLowerInvariant()}" : Filter.AuditDetails;

    /// <summary>"Credit Usage Report 2026-10.pdf" or "Credit Usage Billback 2026-10 - by client.pdf".</summary>
    public string FileName => By is { } by ? $"{Path.GetFileNameWithoutExtension(Filter.FileName("pdf", "Billback"))} - by {by.Label().ToLowerInvariant()}.pdf" : Filter.FileName("pdf");
}
