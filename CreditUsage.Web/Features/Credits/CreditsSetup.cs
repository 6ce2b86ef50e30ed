namespace CreditUsage.Features.Credits;

public static class CreditsSetup
{
    public static void AddCredits(this IServiceCollection services)
    {
        services.AddScoped<PriceList>();
        services.AddScoped<SetCreditPrice>();
        services.AddScoped<RemoveCreditPrice>();
        services.AddScoped<LedgerList>();
        services.AddScoped<RecordLedgerEntry>();
        services.AddScoped<ReverseEntry>();
        services.AddScoped<CreditLedger>();
        services.AddScoped<MakeStatementPdf>();
        services.AddScoped<ExplainBalance>();
        services.AddScoped<RecordBalanceProof>();
    }
}
