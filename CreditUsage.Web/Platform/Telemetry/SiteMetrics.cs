using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CreditUsage.Platform.Telemetry;

/// <summary>The few figures that say how the site does. None has a name of a person or a clinic.</summary>
public static class SiteMetrics
{
    public const string MeterName = "CreditUsage";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> PdfDuration = Meter.CreateHistogram<double>("creditusage.pdf.duration", "s", "Time to make and prove a PDF, its turn in the queue included");
    private static readonly Counter<long> PdfPages = Meter.CreateCounter<long>("creditusage.pdf.pages", "{page}", "Pages of the PDFs that were made");
    private static readonly Histogram<double> ReportDuration = Meter.CreateHistogram<double>("creditusage.report.duration", "s", "Time to open a report: its totals, groups and the proof of a closed month");
    private static readonly Counter<long> UsageEvents = Meter.CreateCounter<long>("creditusage.usage.recorded", "{event}", "Usage events that were stored");
    private static readonly Counter<long> Mails = Meter.CreateCounter<long>("creditusage.mail.sent", "{mail}", "Mails that a server was given");
    private static readonly Counter<long> BusyWrites = Meter.CreateCounter<long>("creditusage.database.refused", "{request}", "Requests that were refused since the database was busy, full or damaged");

    public static void PdfMade(long began, int pages)
    {
        PdfDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Outcome(true));
        PdfPages.Add(pages);
    }

    public static void PdfFailed(long began) => PdfDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Outcome(false));

    /// <param name="began">As <see cref="Stopwatch.GetTimestamp"/> told it.</param>
    public static void ReportOpened(long began) => ReportDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);

    /// <param name="source">Such as "Import".</param>
    public static void UsageRecorded(string source, int events) => UsageEvents.Add(events, new KeyValuePair<string, object?>("source", source));

    public static void MailSent(bool taken) => Mails.Add(1, Outcome(taken));

    public static void DatabaseRefused() => BusyWrites.Add(1);

    private static KeyValuePair<string, object?> Outcome(bool success) => new("outcome", success ? "success" : "failure");
}
