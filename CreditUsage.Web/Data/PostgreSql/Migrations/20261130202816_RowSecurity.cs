using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.PostgreSql.Migrations
{
    /// <summary>A policy for each table of a subscription's rows. A table that is added later needs one too, which a test holds.</summary>
    public partial class RowSecurity : Migration
    {
        private static readonly string[] Tables =
        [
            "AccountMappings", "AlertFirings", "AlertNotices", "AlertRules", "ApiKeys", "AuditEntries",
            "BalanceProofs", "Clients", "CreditPrices", "Deliveries", "DeliveryAttempts", "DeliveryRecipients",
            "DeliverySchedules", "DismissedFindings", "IdempotentAnswers", "ImportFileParts", "LedgerEntries", "Letterheads",
            "MonthClosings", "ReportJobs", "SavedReports", "SavedViews", "StaffMembers", "TopUpDevices",
            "TopUpSchedules", "Programs", "UsageEvents", "UsageImports", "UsageIntakes",
        ];

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Asked once a statement, not for each row. Without the variable it is null, and no row is seen.
            const string variable = "(SELECT current_setting('creditusage.subscription', true))";
            foreach (var table in Tables)
                migrationBuilder.Sql($"""
                    ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
                    CREATE POLICY owned ON "{table}" USING ({variable} = '*' OR "SubscriptionId" = (SELECT nullif(nullif(current_setting('creditusage.subscription', true), ''), '*')::integer));
                    """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in Tables) migrationBuilder.Sql($"""DROP POLICY owned ON "{table}"; ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY;""");
        }
    }
}
