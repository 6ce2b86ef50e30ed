using System.Globalization;
using CreditUsage.Data;
using CreditUsage.Domain.Credits;
using CreditUsage.Domain.Months;
using CsvHelper;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Pack;

/// <summary>The credit prices of a month as CSV: UTF-8 with BOM, RFC 4180, CRLF.</summary>
internal static class PricesCsv
{
    public static async Task WriteAsync(Stream stream, CreditUsageDb db, UsageMonth month, CancellationToken cancellation)
    {
        var before = db.CreditPrices.AsNoTracking().Where(price => price.ValidFrom <= month.Start).OrderByDescending(price => price.ValidFrom).Take(1);
        var within = db.CreditPrices.AsNoTracking().Where(price => price.ValidFrom > month.Start && price.ValidFrom < month.End).OrderBy(price => price.ValidFrom);
        List<CreditPrice> prices = [.. await before.ToListAsync(cancellation), .. await within.ToListAsync(cancellation)];
        await using var csv = CsvWriter.Create(stream, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        csv.WriteField("Valid from");
        csv.WriteField("Price of a credit (GBP)");
        await csv.EndRecordAsync(cancellation);
        foreach (var price in prices)
        {
            csv.WriteField(price.ValidFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            csv.WriteField((price.PriceMicros / (decimal)CreditPrice.MicrosPerPound).ToString("0.00####", CultureInfo.InvariantCulture));
            await csv.EndRecordAsync(cancellation);
        }
    }
}
