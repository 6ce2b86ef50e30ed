namespace CreditUsage.Platform.Pdf;

public static class PdfSetup
{
    public static void AddPdf(this IServiceCollection services)
    {
        services.AddSingleton<PdfPrograms>();
        services.AddSingleton<PdfCage>();
        services.AddSingleton<PdfPlaces>();
        services.AddSingleton<IPdfEngine, WkhtmltopdfEngine>();
    }
}
