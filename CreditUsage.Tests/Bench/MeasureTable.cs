using System.Globalization;

namespace CreditUsage.Tests.Bench;

/// <summary>The measures as people read them.</summary>
internal static class MeasureTable
{
    public static void Print(IReadOnlyList<Measure> measures, TextWriter output)
    {
        var wide = measures.Max(measure => measure.Name.Length);
        output.WriteLine($"{"".PadRight(wide)}  {"ours",10}  {"reference",10}  {"",-7}  {"ratio",6}  {"limit",5}");
        foreach (var measure in measures)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{measure.Name.PadRight(wide)}  {measure.Ours,10:N1}  {measure.Reference,10:N1}  {measure.Unit,-7}  {measure.Ratio,5:0.00}x  {measure.Limit,4:0.0#}{(measure.Limit is null ? " " : "x")}  {measure.Verdict}").TrimEnd());
    }
}
