using System.CommandLine;
using System.Text;
using CreditUsage.Core.Files;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Auditing;
using CreditUsage.Platform;
using CreditUsage.Platform.Auditing;
using CreditUsage.Platform.Commands;
using CreditUsage.Platform.Rendering;

namespace CreditUsage.Features.UsageReport;

public static class ReportVerb
{
    private const string PrintedBy = "the report verb";

    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var month = VerbOptions.Month();
        var sessions = new Option<bool>("--sessions") { Description = "Only connected sessions, unless --top-ups is given too" };
        var topUps = new Option<bool>("--top-ups") { Description = "Only daily top-ups, unless --sessions is given too" };
        var format = new Option<string>("--format") { Description = "html, csv, xlsx, json or pdf", Required = true };
        format.AcceptOnlyFromAmong("html", "csv", "xlsx", "json", "pdf");
        var accountant = new Option<bool>("--accountant") { Description = "An accountant's copy: codes stand for the clients" };
        var hidePrograms = new Option<bool>("--hide-programs") { Description = "With --accountant: leaves the programs out, too" };
        var path = new Option<FileInfo>("--out") { Description = "The file to write; one that exists is replaced", HelpName = "PATH", Required = true };
        var command = new Command("report", "Writes a month's report to a file") { subscription, month, sessions, topUps, format, path, accountant, hidePrograms };
        command.Validators.Add(given =>
        {
            if (given.GetValue(hidePrograms) && !given.GetValue(accountant)) given.AddError("--hide-programs goes with --accountant only.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var neither = !parsed.GetValue(sessions) && !parsed.GetValue(topUps);
            var filter = new ReportFilter(parsed.GetValue(month), neither || parsed.GetValue(sessions), neither || parsed.GetValue(topUps), UsageSort.Default)
            {
                ForAccountant = parsed.GetValue(accountant),
                ProgramsHidden = parsed.GetValue(hidePrograms),
            };
            return host.RunAsync(parsed.GetValue(subscription), services => RunAsync(services, filter, parsed.GetValue(format)!, parsed.GetValue(path)!, cancellation), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, ReportFilter filter, string format, FileInfo path, CancellationToken cancellation)
    {
        var query = services.GetRequiredService<ReportQuery>();
        if ((await query.MonthsAsync(cancellation)).Refusal(filter.Month) is { } refusal) throw new UserFacingException(refusal);
        services.GetRequiredService<AuditReads>().Note(AuditAction.Export, filter.Month.Name, $"{format.ToUpperInvariant()} of {filter.AuditDetails}");
        await services.GetRequiredService<AuditBacklog>().WriteAsync(cancellation);
        // Written beside its final place, then renamed: readers see the old file or the whole new one.
        var unfinished = path.FullName + ".unfinished";
        try
        {
            await WriteAsync(services, query, filter, format, unfinished, cancellation);
            File.Move(unfinished, path.FullName, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"{path.FullName} cannot be written: {problem.Message}", problem);
        }
        finally
        {
            if (File.Exists(unfinished)) File.Delete(unfinished);
        }
        return VerbHost.Done;
    }

    private static async Task WriteAsync(IServiceProvider services, ReportQuery query, ReportFilter filter, string format, string path, CancellationToken cancellation)
    {
        if (format == "pdf")
        {
            using var pdf = await services.GetRequiredService<GeneratePdf>().RunAsync(filter, PrintedBy, seal: null, rowsDone: null, cancellation);
            File.Copy(pdf.File.Path, path, overwrite: true);
            return;
        }
        var report = await query.OpenAsync(filter, cancellation);
        var rows = report.RowsAsync(cancellation);
        await using var stream = File.Create(path);
        if (format == "csv") await UsageCsv.WriteAsync(stream, report, rows, cancellation);
        else if (format == "xlsx") await UsageXlsx.WriteAsync(stream, report, PrintedBy, await ReportContent.Sha256Async(report, report.RowsAsync(cancellation), cancellation), rows, cancellation);
        else if (format == "json") await UsageJson.WriteAsync(stream, report, rows, cancellation);
        else await WriteHtmlAsync(services, new PrintDocument(report, rows, PrintedBy, await StyleAsync(services)), stream);
    }

    private static async Task WriteHtmlAsync(IServiceProvider services, PrintDocument document, FileStream stream)
    {
        await using var html = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await services.GetRequiredService<RenderView>().ToAsync("/Core/Paper/_PrintDocument.cshtml", document, html);
    }

    private static async Task<string> StyleAsync(IServiceProvider services)
    {
        var file = services.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider.GetFileInfo("css/print.css");
        using var reader = new StreamReader(file.CreateReadStream());
        return await reader.ReadToEndAsync();
    }
}
