using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Months;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Features.Credits;

/// <summary>Purchases of years that come in by one file, to the penny, or not at all.</summary>
public sealed class PurchasesByFileTests(CreditSite credits) : IClassFixture<CreditSite>
{
    private const string Page = "/credits/purchases/by-file";
    private const string Heads = "day,packs,pack_size,paid_gbp,vat_gbp,invoice_number,note";

    private const string TooLarge = "The file is larger than 2 MB. Split it into smaller files, each with the column names.";

    private Site Site => credits.Site;

    [Fact]
    public async Task A_file_as_a_supplier_writes_it_is_recorded_to_the_penny_and_once()
    {
        var (clinic, visitor) = await credits.ClinicAsync();
        using var _ = visitor;
        var file = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(string.Join("\r\n",
            "Invoice No;VAT;Net;Quantity;Credits;Date;Comment",
            "A-17;45,00;225,00;10;50;31.01.2026;\u201EErste\u201C Bestellung",
            "A-18;205,76;1.028,79;;1.000;15.02.2026;\"=HYPERLINK(\"\"http://a.example\"\")\"",
            "A-19;0;33,33;1;7;03.03.2026;"))).ToArray();
        var preview = await visitor.PreviewAsync(Page, file, "supplier.txt");

        Assert.StartsWith("supplier.txt is read as UTF-16, separated by semicolons.", preview.QuerySelector("[data-format]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(ListUploads.Faults(preview));
        Assert.Equal(("3", "0"), ListUploads.Counts(preview));
        Assert.Equal(
        [
            "2 | 31/01/2026 | A-17 | 10 | 50 | 500 | £225.00 | £45.00 | £270.00 | \u201EErste\u201C Bestellung | New",
            "3 | 15/02/2026 | A-18 | 1 | 1,000 | 1,000 | £1,028.79 | £205.76 | £1,234.55 | =HYPERLINK(\"http://a.example\") | New",
            "4 | 03/03/2026 | A-19 | 1 | 7 | 7 | £33.33 | £0.00 | £33.33 |  | New",
        ], ListUploads.Rows(preview));
        Assert.Equal(["Credits: 1,507", "Net: £1,287.12", "VAT: £250.76", "Paid: £1,537.88"], preview.QuerySelectorAll("[data-sum]").Select(sum => sum.TextContent));
        Assert.Empty(await Site.EntriesAsync(clinic));

        var done = await visitor.ConfirmAsync(Page, preview);
        Assert.Equal("3 purchases recorded.", done.QuerySelector("[role=status]")!.TextContent);
        Assert.Equal(1507, await Site.AvailableAsync(clinic, Site.Clock.GetUtcNow()));
        Assert.Equal([("A-17", 27000L, 4500L), ("A-18", 123455L, 20576L), ("A-19", 3333L, 0L)], (await Site.EntriesAsync(clinic)).Select(entry => (entry.InvoiceNumber!, entry.PaidPence!.Value, entry.VatPence!.Value)));
        var audit = (await Site.AuditAsync(clinic)).Where(entry => entry.StartsWith("Ledger", StringComparison.Ordinal) || entry.StartsWith("Import", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, audit.Count);
        Assert.Contains("Purchase of 31/01/2026: 500 credits (10 packs of 50 credits, £270.00 paid with £45.00 VAT, invoice A-17).", audit[0], StringComparison.Ordinal);
        Assert.Contains("3 purchases stored, 0 there already, SHA-256 ", audit[3], StringComparison.Ordinal);

        var again = await visitor.ConfirmAsync(Page, preview);
        Assert.Equal("Nothing new: all 3 purchases of this file are there already.", again.QuerySelector("[role=status]")!.TextContent);
        Assert.Equal(("0", "3"), ListUploads.Counts(await visitor.PreviewAsync(Page, file)));
        Assert.Equal(3, (await Site.EntriesAsync(clinic)).Count);
    }

    [Fact]
    public async Task Any_error_refuses_the_whole_with_its_line_and_reason()
    {
        var (clinic, visitor) = await credits.ClinicAsync();
        using var _ = visitor;
        await Site.RecordAsync(clinic, Ledgers.Purchase("2026-02-01", 10, 50, 27000, 4500, "OLD-1"));
        await Site.RecordAsync(clinic, Ledgers.Purchase("2026-03-01", 10, 50, 27000, 4500, "OLD-2"));
        var preview = await visitor.PreviewAsync(Page, Heads + ",net_gbp",
            "2026-02-01,10,50,270,45,old-1,,", "2026-03-01,10,50,271,45,OLD-2,,", "2026-04-01,1,5,10,1,N1,,", "2026-04-02,1,5,10,1,n1,,", "2026-11-23,1,5,10,1,N2,,", "2025-12-31,1,5,10,1,N3,,",
            "2026-04-01,1,5,10,11,N4,,", "2026-04-01,1,5,10,1,N5,,8.99", "2026-04-01,0,5,ten,1,\u202EN6,a\u0007b,", "2026-04-01,1,5");

        Assert.Equal(
        [
            "3 Invoice number: Invoice OLD-2 is already recorded otherwise: on 01/03/2026, 10 packs of 50 credits, £270.00 paid with £45.00 VAT. This line says 01/03/2026, 10 packs of 50 credits, £271.00 paid with £45.00 VAT. Reverse that entry first, or correct the line.",
            "5 Invoice number: Line 4 has invoice n1 too; a purchase has a number of its own.",
            "6 Day: Enter a day from 01/01/2026 to 22/11/2026.", "7 Day: Enter a day from 01/01/2026 to 22/11/2026.",
            "8 VAT in pounds: The VAT cannot be more than the amount paid. Enter both as on the invoice.",
            "9 Net pounds: £8.99 and £1.00 VAT make £9.99, and £10.00 was paid. Correct one of them.",
            "10 Number of packs: Enter the number of packs, from 1 to 10,000.", "10 Pounds paid: Enter the pounds paid, including VAT, such as 540.00.",
            "10 Invoice number: The invoice number has the text direction control U+202E; remove it.", "10 Note: The note has the control character U+0007; remove it.",
            "11 The line: This line has 3 fields where the first has 8; look for a missing comma, or a field with a comma that needs quotes.",
        ], ListUploads.Faults(preview));
        Assert.Equal(("1", "1"), ListUploads.Counts(preview));
        Assert.Equal("11 errors are in the file, so nothing of it can be stored. Correct the file and choose it again, or correct your columns.", ListUploads.Problem(preview));
        Assert.Null(preview.QuerySelector("[data-store]"));

        using var forced = await visitor.SendAsync(Page, preview, "Store");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, forced.StatusCode);
        Assert.Equal(2, (await Site.EntriesAsync(clinic)).Count);
    }

    [Fact]
    public async Task What_changed_since_the_preview_is_checked_again()
    {
        var (clinic, visitor) = await credits.ClinicAsync();
        using var _ = visitor;
        var preview = await visitor.PreviewAsync(Page, Heads, "2026-01-10,1,50,30,5,C-1,", "2026-02-10,1,50,30,5,C-2,");
        await Site.InAsync(clinic, services => ClosingRows.AddAsync(services.GetRequiredService<CreditUsageDb>(), clinic, new UsageMonth(2026, 1)));
        var changed = await visitor.ConfirmAsync(Page, preview);
        Assert.StartsWith("Nothing was stored, since something has changed since the preview", ListUploads.Problem(changed), StringComparison.Ordinal);
        Assert.Equal("1 purchase is of January 2026, which is closed, and counts in February 2026.", changed.QuerySelector("[data-note]")!.TextContent);

        await Site.RecordAsync(clinic, Ledgers.Purchase("2026-02-11", 1, 50, 3000, 500, "C-2"));
        var conflict = await visitor.ConfirmAsync(Page, changed);
        Assert.StartsWith("3 Invoice number: Invoice C-2 is already recorded otherwise", Assert.Single(ListUploads.Faults(conflict)), StringComparison.Ordinal);
        Assert.Single(await Site.EntriesAsync(clinic));

        var other = await visitor.PreviewAsync(Page, Heads, "2026-01-10,1,50,30,5,C-1,");
        Assert.Equal("1 purchase recorded.", (await visitor.ConfirmAsync(Page, other)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal(new UsageMonth(2026, 2), (await Site.EntriesAsync(clinic))[^1].ReportMonth);
    }

    [Fact]
    public async Task Columns_of_the_clinics_own_are_chosen_and_confirmed_only_as_they_were_shown()
    {
        var (clinic, visitor) = await credits.ClinicAsync();
        using var _ = visitor;
        var asked = await visitor.PreviewAsync(Page, "Tag,Menge,Preis,Steuer,Beleg", "01/02/2026,50,30.00,5.00,B-1");
        Assert.Equal(["Choose the column of Day.", "Choose the column of Credits in a pack.", "Choose the column of Pounds paid.", "Choose the column of VAT in pounds.", "Choose the column of Invoice number."], asked.QuerySelectorAll("[data-problem]").Select(one => one.TextContent));
        (string, string)[] chosen = [("column-day", "1"), ("column-pack_size", "2"), ("column-paid_gbp", "3"), ("column-vat_gbp", "4"), ("column-invoice_number", "5")];
        using var shown = await visitor.SendAsync(Page, asked, "Check", chosen);
        var ambiguous = await Visitor.ReadAsync(shown);
        Assert.Equal("2 Day: \"01/02/2026\" can be 1 February or 2 January; choose in Your columns how the file writes its dates.", Assert.Single(ListUploads.Faults(ambiguous)));
        using var clear = await visitor.SendAsync(Page, ambiguous, "Check", ("Dates", "DayFirst"));
        var preview = await Visitor.ReadAsync(clear);
        Assert.Equal("2 | 01/02/2026 | B-1 | 1 | 50 | 50 | £25.00 | £5.00 | £30.00 |  | New", Assert.Single(ListUploads.Rows(preview)));

        Assert.StartsWith("Nothing was stored", ListUploads.Problem(await visitor.ConfirmAsync(Page, preview, ("column-paid_gbp", "2"), ("column-pack_size", "2"))), StringComparison.Ordinal);
        Assert.StartsWith("Choose the column of Day", ListUploads.Problem(await visitor.ConfirmAsync(Page, preview, ("column-day", "99"))), StringComparison.Ordinal);
        Assert.Empty(await Site.EntriesAsync(clinic));
        await visitor.ConfirmAsync(Page, preview);
        Assert.Equal(new DateOnly(2026, 2, 1), Assert.Single(await Site.EntriesAsync(clinic)).ServiceDate);
    }

    [Fact]
    public async Task Nobody_confirms_the_file_of_another_clinic_or_kind_and_an_Auditor_none()
    {
        var (clinic, visitor) = await credits.ClinicAsync();
        var (other, stranger) = await credits.ClinicAsync();
        using var auditor = await credits.VisitorAsync(clinic, Roles.Auditor);
        using var _ = visitor;
        using var __ = stranger;
        var preview = await visitor.PreviewAsync(Page, Heads, "2026-01-10,1,50,30,5,F-1,");
        var upload = preview.QuerySelector<IHtmlInputElement>("input[name=Upload]")!.Value;
        foreach (var (who, page, sent) in new[] { (stranger, Page, upload), (visitor, "/deliveries/by-file", upload), (visitor, Page, upload[..^4] + "AAAA"), (visitor, Page, "") })
            Assert.Equal("The form has expired, and nothing was stored. Choose the file again.", ListUploads.Problem(await who.ConfirmAsync(page, preview, ("Upload", sent))));
        using var denied = await auditor.PostAsync("/credits", Page + "?handler=Store", new Dictionary<string, string> { ["Upload"] = upload });
        Assert.NotEqual(HttpStatusCode.OK, denied.StatusCode);
        Assert.Empty((await auditor.PageAsync("/credits")).QuerySelectorAll($"a[href='{Page}']"));
        Assert.Empty(await Site.EntriesAsync(clinic));
        Assert.Empty(await Site.EntriesAsync(other));
    }

    [Fact]
    public async Task A_form_without_the_token_of_its_page_does_nothing()
    {
        var (clinic, visitor) = await credits.ClinicAsync();
        using var _ = visitor;
        var preview = await visitor.PreviewAsync(Page, Heads, "2026-01-10,1,50,30,5,G-1,");
        var fields = preview.QuerySelectorAll<IHtmlInputElement>("form.columns-form input").Where(input => input.Name != "__RequestVerificationToken").Select(input => new KeyValuePair<string, string>(input.Name!, input.Value))
            .Concat(preview.QuerySelectorAll<IHtmlSelectElement>("form.columns-form select").Select(select => new KeyValuePair<string, string>(select.Name!, select.Value ?? ""))).ToList();
        foreach (var handler in new[] { "Store", "Check" })
        {
            using var answer = await visitor.Http.PostAsync(new Uri($"{Page}?handler={handler}", UriKind.Relative), new FormUrlEncodedContent(fields));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        Assert.Empty(await Site.EntriesAsync(clinic));
    }

    [Theory]
    [InlineData("list.csv", 0, "The file is empty. It needs column names in the first line and one line for each row.")]
    [InlineData("list.exe", 10, "Choose a file whose name ends in .csv, .txt, .tsv or .xlsx. A spreadsheet can be saved as one of them.")]
    [InlineData("list.csv", (2 * 1024 * 1024) + 1, TooLarge)]
    [InlineData("list.csv", 9 * 1024 * 1024, TooLarge)]
    public async Task A_file_that_cannot_be_a_list_is_refused(string name, int bytes, string sentence)
    {
        var (_, visitor) = await credits.ClinicAsync();
        using var __ = visitor;
        using var answer = await visitor.UploadAsync([.. Enumerable.Repeat((byte)'a', bytes)], name, Page);
        Assert.Equal((sentence == TooLarge ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.UnprocessableEntity, sentence), (answer.StatusCode, ListUploads.Problem(await Visitor.ReadAsync(answer))));
    }

    [Fact]
    public async Task The_sample_and_a_full_file_pass()
    {
        var (clinic, visitor) = await credits.ClinicAsync();
        using var _ = visitor;
        Assert.Equal(Heads.Split(',').Append("net_gbp").Order(), (await visitor.Http.GetStringAsync(new Uri(Page + "?handler=Template", UriKind.Relative))).Trim('\uFEFF', '\r', '\n').Split(',').Order());
        var sample = await visitor.PreviewAsync(Page, await visitor.Http.GetByteArrayAsync(new Uri(Page + "?handler=Sample", UriKind.Relative)));
        Assert.Equal(("2", "0"), ListUploads.Counts(sample));

        // With a column that is not known and cannot be packed: the form carries it all the same.
        var random = new Random(5000);
        string Noise()
        {
            var bytes = new byte[255];
            random.NextBytes(bytes);
            return Convert.ToBase64String(bytes);
        }

        var many = await visitor.PreviewAsync(Page, [Heads + ",noise", .. Enumerable.Range(1, 5000).Select(number => $"2026-05-01,1,2,3.00,0.50,M-{number},,{Noise()}")]);
        Assert.Equal(("5000", "0"), ListUploads.Counts(many));
        Assert.Equal(1000, ListUploads.Rows(many).Count);
        Assert.Equal("5,000 purchases recorded.", (await visitor.ConfirmAsync(Page, many)).QuerySelector("[role=status]")!.TextContent);
        Assert.Equal(10_000, await Site.AvailableAsync(clinic, Site.Clock.GetUtcNow()));
    }
}
