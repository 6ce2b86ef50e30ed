using System.Text;
using CreditUsage.Core.Paper;
using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Credits;
using CreditUsage.Platform.Pdf;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Core.Paper.Proof;

/// <summary>Another qpdf may write the same file in another form. What is on paper is proved all the same: right files are taken, wrong and damaged ones refused.</summary>
[Collection(AloneCollection.Name)]
public sealed class OtherQpdfTests(ProofTests.Forgery forgery) : IClassFixture<ProofTests.Forgery>, IDisposable
{
    /// <summary>Objects in streams, with a cross-reference stream.</summary>
    private const string Packed = "--object-streams=generate";

    /// <summary>A table of objects as usual, dictionaries of many lines, lengths of streams in other objects.</summary>
    private const string Spaced = "--qdf";

    private static readonly UsageMonth October = new(2026, 10);
    private static readonly string Path = Environment.GetEnvironmentVariable("PATH")!;
    private static readonly string Qpdf = Path.Split(':').Select(folder => System.IO.Path.Combine(folder, "qpdf")).First(File.Exists);

    private readonly string _folder = Directory.CreateTempSubdirectory("creditusage-qpdf-").FullName;

    public static TheoryData<string> Forms => [Packed, Spaced];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", Path);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_PDF_of_the_same_rows_is_taken(string form)
    {
        Write(form);
        var pdf = Encoding.Latin1.GetString(await forgery.MadeAsync("Clinic", October, ProofTests.Sessions(10, ProofTests.Rows)));
        Assert.Equal(form == Packed, !pdf.Contains("\nxref\n", StringComparison.Ordinal));
        Assert.Equal(form == Spaced, pdf.Contains("%QDF-1.0", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ProofTests.Wrong), MemberType = typeof(ProofTests))]
    public async Task A_PDF_that_says_something_else_is_refused_in_words_and_not_kept(string what, string[] rows, string refusal)
    {
        var month = what.StartsWith("the previous", StringComparison.Ordinal) ? October.Previous : October;
        forgery.Answer(await forgery.MadeAsync("Clinic", month, rows));
        foreach (var form in new[] { Packed, Spaced })
        {
            Write(form);
            await RefusesAsync(refusal.Split('|'));
        }
    }

    [Theory]
    [InlineData("exec QPDF FINAL --pages FINAL 1-r2 -- --replace-input", "its file has 2 pages where 3 were laid out")]
    [InlineData("exec QPDF FINAL --pages FINAL 1-z,1 -- --replace-input", "its file has 4 pages where 3 were laid out")]
    [InlineData("dd if=/dev/zero of=FINAL bs=1 seek=3000 count=200 conv=notrunc 2>/dev/null", "qpdf ended with|rows can be read")]
    [InlineData("{ head -c 3000 FINAL; tail -c 1500 FINAL; } > cut.pdf; exec mv cut.pdf FINAL", "qpdf ended with|ends too soon")]
    public async Task A_PDF_that_lacks_pages_or_is_damaged_is_refused_in_words_and_not_kept(string damage, string refusal)
    {
        forgery.Answer(await forgery.MadeAsync("Clinic", October, ProofTests.Sessions(10, ProofTests.Rows)));
        Write(Packed, damage.Replace("FINAL", "final.pdf", StringComparison.Ordinal));
        await RefusesAsync(refusal.Split('|'));
    }

    [Fact]
    public async Task A_month_of_more_than_a_hundred_pages_is_taken()
    {
        Write(Packed);
        using var pdf = PdfRead.Open(await forgery.MadeAsync("Clinic", October, ProofTests.Sessions(10, 7_500)));
        Assert.Equal(103, pdf.NumberOfPages);
    }

    [Fact]
    public async Task Names_that_look_like_dates_and_money_make_no_right_PDF_fail()
    {
        Write(Packed);
        using var pdf = PdfRead.Open(await forgery.MadeAsync("01/10/2026", October, ProofTests.HostileRows));
        Assert.Equal(2, pdf.NumberOfPages);
    }

    [Fact]
    public async Task Pictures_and_groups_and_a_statement_are_taken()
    {
        Write(Packed);
        var pages = await forgery.MadeAsync("Clinic", [CsvRow.Session("W", "2026-10-01T09:30:00Z"), .. ProofTests.Sessions(10, ProofTests.Rows)], async services =>
        {
            var filter = ReportFilter.Whole(October) with { GroupBy = UsageGroupBy.Client, Pictures = true };
            using var report = await services.GetRequiredService<GeneratePdf>().RunAsync(filter, "test", seal: null, rowsDone: null, CancellationToken.None);
            using var statement = await services.GetRequiredService<MakeStatementPdf>().RunAsync(new(October, StatementBasis.Service), "test", CancellationToken.None);
            return (report.File.Pages, statement.Pages);
        });
        Assert.Equal((4, 1), pages);
    }

    private async Task RefusesAsync(IReadOnlyList<string> refusals)
    {
        var problem = await Assert.ThrowsAsync<PdfException>(forgery.SaveAsync);
        Assert.Contains(refusals, part => problem.Message.Contains(part, StringComparison.Ordinal));
        Assert.Contains("nothing was saved", problem.Message, StringComparison.Ordinal);
        await forgery.NothingIsKeptAsync();
    }

    /// <summary>Puts a qpdf on the PATH that is the real one with one more option, and with a command after it has joined the parts.</summary>
    private void Write(string form, string command = "")
    {
        var program = System.IO.Path.Combine(_folder, "qpdf");
        File.Delete(program);
        File.WriteAllText(program, $"#!/bin/sh\n[ \"$1\" = --check ] && exec {Qpdf} \"$@\"\n{Qpdf} \"$@\" {form} || exit $?\n{command.Replace("QPDF", Qpdf, StringComparison.Ordinal)}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("PATH", $"{_folder}:{Path}");
    }
}
