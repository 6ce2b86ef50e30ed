using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Platform;
using CreditUsage.Platform.Pdf;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CreditUsage.Tests.Core.Paper;

/// <summary>
/// Names that are attacks on the engine. Written as text they are text; and if the writing were forgotten, nothing would be reached all the
/// same: no listener, no file.
/// </summary>
[Trait(Attacks.Trait, Attacks.Group), Trait(Attacks.Kind, Attacks.HostileHtml)]
public sealed class HostileNamesTests : IDisposable
{
    private const string Secret = "K7QX9VTREASURE";

    /// <summary>Few enough that what one does to the page leaves others their turn.</summary>
    private const int NamesInMonth = 10;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-secret-").FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _calls = [];
    private readonly HostileNames _names;

    public HostileNamesTests()
    {
        _listener.Start();
        _ = ListenAsync();
        var file = Path.Combine(_folder, "secret.txt");
        File.WriteAllText(file, Secret);
        _names = new HostileNames($"http://{_listener.LocalEndpoint}/", file);
        Assert.True(_names.All.Count >= 60);
        Assert.All(_names.All, name => Assert.InRange(name.Length, 1, 200));
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Sandboxes.Each), MemberType = typeof(Sandboxes))]
    public async Task With_escaping_switched_off_they_reach_no_listener_and_no_file(PdfSandbox sandbox)
    {
        await using var site = Sandboxes.SiteAtMost(sandbox, services => services.Replace(ServiceDescriptor.Singleton<HtmlEncoder>(new LetThrough())));
        site.UseKestrel(0);
        site.StartServer();
        var clinic = await FilledAsync(site);
        await IsSwitchedOffAsync(site, clinic);
        var months = Enumerable.Range(0, (_names.All.Count + NamesInMonth - 1) / NamesInMonth).Select(Month);
        foreach (var month in months) await ReachesNothingAsync(() => PdfAsync(site, clinic, month));
    }

    [Fact]
    public async Task Each_alone_on_a_page_without_a_policy_reaches_nothing_without_a_sandbox_either()
    {
        await using var site = Sandboxes.SiteAtMost(PdfSandbox.None);
        var cage = site.Services.GetRequiredService<PdfSandboxRunner>();
        var made = 0;
        await Parallel.ForEachAsync(_names.All, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (name, _) =>
        {
            if (await ReachesNothingAsync(() => PageAsync(cage, name))) Interlocked.Increment(ref made);
        });
        // The engine was really asked: most of what it can reach nothing for, it still prints.
        Assert.True(made > _names.All.Count / 2, $"{made} of {_names.All.Count} pages became a PDF.");
    }

    [Fact]
    public async Task The_listener_and_the_file_would_have_told()
    {
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri(_names.Url + "heard")));
        Assert.Equal("heard", Assert.Single(_calls.Distinct()));
    }

    [Fact]
    public async Task With_escaping_they_are_literal_text_and_every_amount_is_there()
    {
        await using var site = new Site();
        var clinic = await FilledAsync(site, namesInMonth: _names.All.Count);
        using var pdf = PdfRead.Open((await PdfAsync(site, clinic, Month(0)))!);
        var text = string.Concat(pdf.GetPages().Select(page => page.Dense()));
        Assert.All(_names.All, name => Assert.Contains(Dense(name)[..8], text, StringComparison.Ordinal));
        var total = _names.All.Count * (_names.All.Count + 1) / 2;
        Assert.Equal(Enumerable.Range(1, _names.All.Count).Append(total).Append(0).Append(total).Select(pounds => string.Create(CultureInfo.InvariantCulture, $"£{pounds:N2}")).Order(StringComparer.Ordinal), pdf.Amounts());
        Assert.Empty(_calls);
    }

    private async Task IsSwitchedOffAsync(Site site, int clinic)
    {
        await site.UserAsync(clinic, "hostile@names.example", Roles.FinanceAdministrator);
        using var finance = await Visitor.SignedInAsync(site, "hostile@names.example");
        var page = await finance.PageAsync($"/usage-report?year={Month(0).Year}&month={Month(0).Month}&sessions=true");
        Assert.NotNull(page.QuerySelector($"iframe[src='{_names.Url}1']"));
    }

    /// <summary>Whether a PDF came of it; that none did is as good.</summary>
    private async Task<bool> ReachesNothingAsync(Func<Task<byte[]?>> make)
    {
        byte[]? made = null;
        try
        {
            made = await make();
        }
        catch (PdfException problem)
        {
            // In words, without a file, and because of what stands on the page.
            Assert.DoesNotContain("self-test", problem.Message, StringComparison.Ordinal);
        }
        Assert.Empty(_calls);
        if (made is null) return false;
        using var pdf = PdfRead.Open(made);
        Assert.DoesNotContain(Secret, string.Concat(pdf.GetPages().Select(page => page.Dense())), StringComparison.Ordinal);
        return true;
    }

    private static async Task<byte[]?> PageAsync(PdfSandboxRunner cage, string name)
    {
        var folder = Directory.CreateTempSubdirectory("creditusage-hostile-").FullName;
        var made = Path.Combine(folder, "out.pdf");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "in.html"), $"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>x</title></head><body><table><tr><td>{name}</td></tr></table></body></html>");
            // It ends with 1 for whatever it could not reach, and has made its PDF all the same.
            await Record.ExceptionAsync(() => cage.ConvertAsync(folder, Deadline, CancellationToken.None));
            return File.Exists(made) && new FileInfo(made).Length > 0 ? await File.ReadAllBytesAsync(made) : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> FilledAsync(Site site, int namesInMonth = NamesInMonth)
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2024, 1, 1));
        await site.ImportRowsAsync(clinic, [.. _names.All.Select((name, i) => CsvRow.Session(
            $"E{i}", FormattableString.Invariant($"{Month(i / namesInMonth).Start:yyyy-MM-dd}T09:30:00Z"), cost: $"{(i % namesInMonth) + 1}.00", client: name))]);
        return clinic;
    }

    private static UsageMonth Month(int number) => UsageMonth.FromNumber(new UsageMonth(2025, 1).Number + number);

    private static Task<byte[]?> PdfAsync(Site site, int clinic, UsageMonth month) => site.InAsync<byte[]?>(clinic, async services =>
    {
        using var made = await services.GetRequiredService<GeneratePdf>().RunAsync(
            new(month, true, true, UsageSort.Default), "hostile@names.example", seal: null, rowsDone: null, CancellationToken.None);
        return await File.ReadAllBytesAsync(made.File.Path);
    });

    private static string Dense(string name) => name.Replace(" ", "", StringComparison.Ordinal);

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                using var caller = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(caller.GetStream());
                _calls.Enqueue((await reader.ReadLineAsync())?.Split(' ', '/')[2] ?? "");
            }
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException or IOException)
        {
            // The test has ended.
        }
    }
}
