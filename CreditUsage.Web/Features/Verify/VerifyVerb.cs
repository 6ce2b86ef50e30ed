using System.CommandLine;
using CreditUsage.Platform;
using CreditUsage.Platform.Commands;

namespace CreditUsage.Features.Verify;

/// <summary>The verb that says of a PDF whether it is one of the reports that were saved here.</summary>
public static class VerifyVerb
{
    public static Command Create(VerbHost host)
    {
        var path = new Argument<FileInfo>("PATH") { Description = "A PDF" };
        var command = new Command("verify", "Says whether a PDF is a saved report: genuine and current, genuine but superseded, or altered (exit code 1)") { path };
        command.SetAction((parsed, cancellation) => host.RunAsync(services => RunAsync(services, parsed.GetValue(path)!, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, FileInfo path, CancellationToken cancellation)
    {
        try
        {
            await using var content = path.OpenRead();
            var verdict = await services.GetRequiredService<VerifyFile>().RunAsync(content, cancellation);
            Console.Out.WriteLine($"{verdict.Heading}. {verdict.Sentence} SHA-256 {verdict.Sha256}");
            return verdict.ReportStatus == ReportStatus.Altered ? VerbHost.Failed : VerbHost.Done;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"{path.FullName} cannot be read: {problem.Message}", problem);
        }
    }
}
