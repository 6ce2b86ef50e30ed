using System.Net;
using System.Text;
using System.Text.Json;
using CreditUsage.Core.Integrity;
using CreditUsage.Data;
using CreditUsage.Domain.Privacy;
using CreditUsage.Domain.Reports;
using CreditUsage.Features.ApiKeys;
using CreditUsage.Tests.Core.Closing;
using CreditUsage.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Anonymise;

/// <summary>A clinic with a client whose name nobody else has, in a month that is closed and in open ones.</summary>
internal sealed class NamedClinic : IAsyncDisposable
{
    public const string ClientId = "CL-4711", Name = "Zebedee Quillfeather", FormerName = "Zebedee Oldacre";

    /// <summary>What nothing may contain afterwards, whatever its case.</summary>
    public static readonly IReadOnlyList<string> Traces = [ClientId, "Zebedee", "Quillfeather", "Oldacre"];

    public required ClosingClinic Clinic { get; init; }

    public required Visitor Administrator { get; init; }

    public Site Site => Clinic.Site;

    public static async Task<NamedClinic> OpenAsync(Site? site = null)
    {
        var clinic = await ClosingClinic.OpenAsync(site);
        await clinic.ImportAsync(
            Session("Z1", "2026-08-04T09:00:00Z", FormerName), TopUp("Z2", "2026-08-30", "3000000001", "Zebedee's own card"), TopUp("Z3", "2026-08-31", "3000000002", $"Shared by {Name} and others"),
            CsvRow.TopUp("A3", "2026-08-30", device: "3000000002", note: $"Shared by {Name} and others"), Session("Z4", "2026-09-02T09:00:00Z", Name), Session("Z5", "2026-10-02T09:00:00Z", Name));
        return new NamedClinic { Clinic = clinic, Administrator = await Visitor.SignedInAsync(clinic.Site, ClosingClinic.Administrator) };
    }

    public static string Session(string id, string at, string name) => CsvRow.Line(id, "connected-session", at, "S1", "Sam Staff", ClientId, name, "Sleep", "", "", "50", "", "");

    public static string TopUp(string id, string day, string device, string note) => CsvRow.Line(id, "daily-top-up", day, "S1", "Sam Staff", ClientId, Name, "Sleep", device, note, "", "", "");

    public Task<T> InAsync<T>(Func<CreditUsageDb, Task<T>> ask) => Clinic.InAsync(services => ask(services.GetRequiredService<CreditUsageDb>()));

    public async Task<SavedReport> SaveAsync(string address)
    {
        using var answer = await Administrator.PostAsync("/usage-report", address);
        var saved = (answer.Content.Headers.ContentLocation ?? answer.Headers.Location)!.OriginalString;
        var id = Guid.Parse(saved["/saved-reports/".Length..].Split('/')[0]);
        return await InAsync(db => db.SavedReports.AsNoTracking().SingleAsync(report => report.Id == id));
    }

    public async Task<byte[]> BytesAsync(string address) => await (await Administrator.GetAsync(address)).Content.ReadAsByteArrayAsync();

    /// <summary>The totals of a month, as the JSON download has them.</summary>
    public async Task<string> TotalsAsync(string month)
    {
        using var json = JsonDocument.Parse(await BytesAsync($"/usage-report/json?month={month}"));
        return json.RootElement.GetProperty("totals").GetRawText();
    }

    public Task<HttpResponseMessage> AskAsync(string reference = "Request 2026-17", string word = "anonymise", string client = ClientId) => Administrator.PostAsync(
        "/anonymise", "/anonymise?handler=Anonymise", new Dictionary<string, string> { ["client"] = client, ["reference"] = reference, ["word"] = word });

    public async Task<Anonymisation> AnonymiseAsync()
    {
        using var answer = await AskAsync();
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var id = Guid.Parse(answer.Headers.Location!.OriginalString["/anonymise/".Length..]);
        return await EndedAsync(id);
    }

    /// <summary>Once nothing of it is left to do.</summary>
    public async Task<Anonymisation> EndedAsync(Guid id)
    {
        Anonymisation row = null!;
        await Wait.UntilAsync(async () => (row = await InAsync(db => db.Anonymisations.AsNoTracking().SingleAsync(one => one.Id == id))) is { State: AnonymisationState.Failed } or { ErasedAt: not null });
        Assert.Null(row.Problem);
        return row;
    }

    public async Task<string?> FirstWrongAsync()
    {
        await using var scope = Site.Services.CreateAsyncScope();
        await foreach (var verified in scope.ServiceProvider.GetRequiredService<VerifyData>().RunAsync(CancellationToken.None))
            if (verified.Problem is { } problem)
                return problem;
        return null;
    }

    public async Task<(string Verdict, string Heading)> VerifyAsync(byte[] pdf)
    {
        using var answer = await Administrator.UploadAsync(pdf, "report.pdf", "/verify");
        var page = await Visitor.ReadAsync(answer);
        return (page.QuerySelector("[data-verdict]")!.GetAttribute("data-verdict")!, page.GetElementById("verdict")!.TextContent);
    }

    public async Task<ApiCaller> CallerAsync(string scope)
    {
        var (secret, _) = await Clinic.InAsync(services =>
        {
            var create = services.GetRequiredService<CreateApiKey>();
            return create.RunAsync(scope, scope, create.Today.AddDays(90), CancellationToken.None);
        });
        return new ApiCaller(Site, Clinic.Id, secret!.Text);
    }

    /// <summary>The names in a text, and whose of them; empty where there are none.</summary>
    public static IEnumerable<string> TracesIn(string what, string text) => Traces.Where(trace => text.Contains(trace, StringComparison.OrdinalIgnoreCase)).Select(trace => $"{trace} in {what}");

    /// <summary>The same of every byte in the data folder.</summary>
    public IEnumerable<string> TracesOnDisk() => LiveFiles.In(Site.DataPath).SelectMany(file => TracesIn(Path.GetRelativePath(Site.DataPath, file.Path), Encoding.Latin1.GetString(file.Bytes)));

    public async ValueTask DisposeAsync()
    {
        Administrator.Dispose();
        await Clinic.DisposeAsync();
    }
}
