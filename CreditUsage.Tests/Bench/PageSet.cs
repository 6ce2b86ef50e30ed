using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Pdf;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Bench;

/// <summary>The HTML of a month's PDF as one page set, and programs that make a PDF of it without the site.</summary>
internal sealed record PageSet(string Folder)
{
    private static readonly string[] EngineArguments =
    [
        "-q", "--javascript-delay", "0", "--disable-javascript", "--disable-local-file-access", "--disable-plugins", "--no-images",
        "--proxy", "http://127.0.0.1:9", "--encoding", "utf-8", "-s", "A4", "-T", "0", "-B", "0", "-L", "0", "-R", "0", "in.html", "out.pdf",
    ];

    // In one process: of several, those that it does not wait for are in nobody's CPU time.
    private static readonly string[] BrowserArguments =
    [
        "--headless", "--single-process", "--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-background-networking", "--disable-pdf-tagging", "--no-pdf-header-footer", "--print-to-pdf=browser.pdf", "in.html",
    ];

    public ChildProgram Engine => new("wkhtmltopdf", EngineArguments) { Folder = Folder, Variables = Variables };

    public ChildProgram Browser => new("chromium-headless-shell", [$"--user-data-dir={Folder}/browser", .. BrowserArguments]) { Folder = Folder };

    private Dictionary<string, string> Variables => new() { ["QT_QPA_PLATFORM"] = "offscreen", ["HOME"] = Folder, ["TMPDIR"] = Folder, ["XDG_RUNTIME_DIR"] = Folder, ["LANG"] = "C.UTF-8", ["TZ"] = "UTC" };

    /// <summary>Lays out a month as the site does, and keeps what the engine would have been given.</summary>
    public static async Task<PageSet> KeepAsync(BenchData data, UsageMonth month, string folder)
    {
        var set = new PageSet(Directory.CreateDirectory(folder).FullName);
        await using var site = await data.OpenAsync();
        await using var scope = site.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSubscription>().Enter(BenchData.Subscription);
        var make = ActivatorUtilities.CreateInstance<GeneratePdf>(scope.ServiceProvider, new Keeper(Path.Combine(set.Folder, "in.html")));
        await make.RunAsync(new ReportFilter(month, Sessions: true, TopUps: true, UsageSort.Default), "bench", seal: null, rowsDone: null, CancellationToken.None);
        return set;
    }

    /// <summary>Writes all parts into one file, each without the head and the end that only one may have.</summary>
    private sealed class Keeper(string path) : IPdfEngine
    {
        private const string Begin = "<body>";
        private const string End = "</body>";

        public async Task<PdfFile> ConvertAsync(PdfSource source, IProgress<int>? unitsDone, CancellationToken cancellation)
        {
            await using var file = new StreamWriter(path);
            foreach (var (number, part) in source.Parts.Index())
            {
                await using var html = new StringWriter();
                await part.WriteHtml(html);
                var text = html.ToString();
                await file.WriteAsync(text[(number == 0 ? 0 : text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..text.LastIndexOf(End, StringComparison.Ordinal)]);
            }
            await file.WriteAsync(End + "</html>");
            return null!;
        }
    }
}
