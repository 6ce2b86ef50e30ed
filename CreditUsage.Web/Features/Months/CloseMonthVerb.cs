using System.CommandLine;
using CreditUsage.Core.Closing;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Months;

public static class CloseMonthVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var month = VerbOptions.Month();
        var note = new Option<string?>("--note") { Description = "Why, although something recommended is missing on the month's checklist" };
        var command = new Command("close-month", "Closes a month: its rows and PDF are kept, and nothing changes them") { subscription, month, note };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(month), parsed.GetValue(note), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, UsageMonth month, string? note, CancellationToken cancellation)
    {
        var closing = await services.GetRequiredService<CloseMonth>().RunAsync(month, string.IsNullOrWhiteSpace(note) ? null : note, cancellation);
        Console.Out.WriteLine($"{month.Name} is closed, version {closing.Version}. Rows {closing.RowsSha256}, PDF {closing.PdfSha256}");
        return VerbHost.Done;
    }
}
