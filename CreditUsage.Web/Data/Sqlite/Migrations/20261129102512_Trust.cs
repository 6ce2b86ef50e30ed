using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Trust : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Disturbed",
                table: "UsageIntakes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "HiddenBlock",
                table: "UsageIntakes",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Browser",
                table: "SignInSessions",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "LastUsedAt",
                table: "SignInSessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "ClosesFrom",
                table: "ReportJobs",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Failures",
                table: "ReportJobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

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

            migrationBuilder.CreateTable(
                name: "DataChecks",
                columns: table => new
                {
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Of = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    SoundAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DataChecks", x => new { x.Kind, x.Of });
                });

            migrationBuilder.CreateTable(
                name: "KnownBrowsers",
                columns: table => new
                {
                    KeyHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    WrongTries = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KnownBrowsers", x => x.KeyHash);
                });

            migrationBuilder.CreateTable(
                name: "PasswordLinks",
                columns: table => new
                {
                    TokenHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    WithdrawnAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PasswordLinks", x => x.TokenHash);
                    table.ForeignKey(
                        name: "FK_PasswordLinks_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_UsageIntakes_Hidden",
                table: "UsageIntakes",
                column: "SubscriptionId",
                unique: true,
                filter: "\"HiddenBlock\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AlertNotices_AlertFiringId_Email",
                table: "AlertNotices",
                columns: new[] { "AlertFiringId", "Email" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AlertNotices_SubscriptionId_State",
                table: "AlertNotices",
                columns: new[] { "SubscriptionId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_KnownBrowsers_ExpiresAt",
                table: "KnownBrowsers",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_KnownBrowsers_UserId",
                table: "KnownBrowsers",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_PasswordLinks_UserId",
                table: "PasswordLinks",
                column: "UserId");

            // Data: sessions that are open now were last used when they began, as far as is known.
            migrationBuilder.Sql("UPDATE SignInSessions SET LastUsedAt = StartedAt, Browser = 'Another browser'");

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

            migrationBuilder.DropTable(
                name: "DataChecks");

            migrationBuilder.DropTable(
                name: "KnownBrowsers");

            migrationBuilder.DropTable(
                name: "PasswordLinks");

            migrationBuilder.DropIndex(
                name: "IX_UsageIntakes_Hidden",
                table: "UsageIntakes");

            migrationBuilder.DropColumn(
                name: "Disturbed",
                table: "UsageIntakes");

            migrationBuilder.DropColumn(
                name: "HiddenBlock",
                table: "UsageIntakes");

            migrationBuilder.DropColumn(
                name: "Browser",
                table: "SignInSessions");

            migrationBuilder.DropColumn(
                name: "LastUsedAt",
                table: "SignInSessions");

            migrationBuilder.DropColumn(
                name: "ClosesFrom",
                table: "ReportJobs");

            migrationBuilder.DropColumn(
                name: "Failures",
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
