using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using CreditUsage.Client;
using CreditUsage.Client.Models;
using Microsoft.Kiota.Abstractions;

/// <summary>What a system around the site does in a month. It is compiled with the client that is generated from the site's description.</summary>
public static class WholeMonth
{
    /// <param name="by">Calls with the key of a permission.</param>
    public static async Task<string> RunAsync(Func<string, IRequestAdapter> by)
    {
        var (usage, credits, months, reports) = (new UsageClient(by("usage:write")), new UsageClient(by("credits:write")), new UsageClient(by("months:close")), new UsageClient(by("reports:read")));
        var purchase = await credits.Api.V1.Purchases.PostAsync(new PurchaseToSend { Day = "2026-10-01", Packs = 1, PackSize = 100, PaidGbp = "60.00", VatGbp = "10.00", InvoiceNumber = "INV-1" });
        var sent = new List<UsageEventToSend>
        {
            new() { EventId = "G1", Kind = "connected-session", OccurredAt = "2026-10-05T09:30:00Z", StaffId = "S1", StaffName = "Sam Staff", ClientId = "C1", ClientName = "Ann Client", Program = "Sleep", DurationMinutes = 25 },
            new() { EventId = "G2", Kind = "daily-top-up", OccurredAt = "2026-10-06", StaffId = "S1", StaffName = "Sam Staff", Program = "Sleep", DeviceId = "1000000009" },
        };
        var stored = await usage.Api.V1.UsageEvents.PostAsync(sent);
        var again = await usage.Api.V1.UsageEvents.PostAsync(sent);

        string refusal;
        try
        {
            await months.Api.V1.Months["2026-11"].Close.PostAsync(new ClosingToSend());
            refusal = "";
        }
        catch (ProblemDetails problem)
        {
            refusal = $"{problem.Status}";
        }
        var closed = await months.Api.V1.Months["2026-10"].Close.PostAsync(new ClosingToSend { Note = "Sent by the meter" });
        var received = new List<string>();
        UsageChanges changes = null;
        do
        {
            changes = await reports.Api.V1.UsageChanges.GetAsync(request => request.QueryParameters.After = changes?.Next);
            received.AddRange(changes.Events.Select(one => one.EventId));
        }
        while (changes.More == true);
        var listed = (await reports.Api.V1.Months.GetAsync()).Months.Single(month => month.Month == "2026-10");
        await using var pdf = await reports.Api.V1.SavedReports[listed.SavedReportId.Value].Pdf.GetAsync();
        var hash = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(pdf));
        return string.Join('\n',
            $"purchase of {purchase.Credits} for {purchase.PaidPence}", $"{stored.Accepted} accepted, then {again.Duplicates} duplicates", $"November {refusal}",
            $"{closed.Month} {closed.State} v{closed.Version}: {closed.Events} events, {closed.Credits} credits, {closed.CostPence} pence", $"received {string.Join(' ', received)}", $"the PDF is the one that was kept: {hash == listed.PdfSha256}");
    }
}
