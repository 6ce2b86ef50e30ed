using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class MoneyAndAlerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ClosesFrom",
                table: "ReportJobs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Basis",
                table: "AccountMappings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "DifferencesAccount",
                table: "AccountMappings",
                type: "TEXT",
                maxLength: 100,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "AlertNotices",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    AlertFiringId = table.Column<int>(type: "INTEGER", nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    AttemptedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertNotices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertNotices_AlertFirings_AlertFiringId",
                        column: x => x.AlertFiringId,
                        principalTable: "AlertFirings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AlertNotices_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AlertNotices_AlertFiringId_Email",
                table: "AlertNotices",
                columns: new[] { "AlertFiringId", "Email" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AlertNotices_SubscriptionId_State",
                table: "AlertNotices",
                columns: new[] { "SubscriptionId", "State" });

            // The outcome of each address was a line such as "name@clinic.example: sent, Taken: OK"; what was not tried yet had none.
            migrationBuilder.Sql(
                """
                INSERT INTO AlertNotices (SubscriptionId, AlertFiringId, Email, State, Attempts, Outcome)
                WITH RECURSIVE lines (SubscriptionId, FiringId, Line, Rest) AS (
                    SELECT SubscriptionId, Id, '', Outcome || char(10) FROM AlertFirings WHERE Outcome IS NOT NULL
                    UNION ALL
                    SELECT SubscriptionId, FiringId, substr(Rest, 1, instr(Rest, char(10)) - 1), substr(Rest, instr(Rest, char(10)) + 1) FROM lines WHERE Rest <> ''
                ), parts AS (
                    SELECT SubscriptionId, FiringId, substr(Line, 1, instr(Line, ': ') - 1) AS Email, substr(Line, instr(Line, ': ')) AS Said FROM lines WHERE instr(Line, ': ') > 0
                )
                SELECT SubscriptionId, FiringId, Email,
                    CASE WHEN Said LIKE ': sent, %' THEN 2 WHEN Said LIKE ': given up, %' THEN 3 WHEN Said LIKE ': not known whether it arrived, %' THEN 4 ELSE 1 END,
                    CASE WHEN Said = ': not sent yet, not tried' THEN 0 ELSE 1 END,
                    CASE WHEN Said = ': not sent yet, not tried' THEN NULL ELSE substr(Said, instr(Said, ', ') + 2) END
                FROM parts;
                """);
            migrationBuilder.Sql(
                """
                INSERT INTO AlertNotices (SubscriptionId, AlertFiringId, Email, State, Attempts)
                WITH RECURSIVE waiting (SubscriptionId, FiringId, Email, Rest) AS (
                    SELECT firing.SubscriptionId, firing.Id, '', rule.Emails || ',' FROM AlertFirings AS firing JOIN AlertRules AS rule ON rule.Id = firing.AlertRuleId WHERE firing.Outcome IS NULL AND rule.Emails <> ''
                    UNION ALL
                    SELECT SubscriptionId, FiringId, substr(Rest, 1, instr(Rest, ',') - 1), substr(Rest, instr(Rest, ',') + 1) FROM waiting WHERE Rest <> ''
                )
                SELECT SubscriptionId, FiringId, Email, 1, 0 FROM waiting WHERE Email <> '';
                """);

            migrationBuilder.DropColumn(
                name: "Outcome",
                table: "AlertFirings");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlertNotices");

            migrationBuilder.DropColumn(
                name: "ClosesFrom",
                table: "ReportJobs");

            migrationBuilder.DropColumn(
                name: "Basis",
                table: "AccountMappings");

            migrationBuilder.DropColumn(
                name: "DifferencesAccount",
                table: "AccountMappings");

            migrationBuilder.AddColumn<string>(
                name: "Outcome",
                table: "AlertFirings",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);
        }
    }
}
