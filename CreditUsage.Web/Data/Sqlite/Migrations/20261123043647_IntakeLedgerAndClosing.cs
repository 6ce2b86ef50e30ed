using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class IntakeLedgerAndClosing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_UsageEvents_Month",
                table: "UsageEvents");

            migrationBuilder.AddColumn<int>(
                name: "Correction",
                table: "UsageEvents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CorrectsId",
                table: "UsageEvents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "IntakeId",
                table: "UsageEvents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "PostedAt",
                table: "UsageEvents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Reason",
                table: "UsageEvents",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ReportMonth",
                table: "UsageEvents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateOnly>(
                name: "ChargesTopUpsFrom",
                table: "Subscriptions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "RequiresTwoFactor",
                table: "Subscriptions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "UserId",
                table: "SignInSessions",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "DisabledAt",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ApiKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Prefix = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    SecretHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Scope = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    LastUsedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedBy = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeys", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ApiKeys_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AuditEntries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Action = table.Column<int>(type: "INTEGER", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Detail = table.Column<string>(type: "TEXT", nullable: false),
                    PreviousHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AuditEntries_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "BalanceProofs",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    ShownAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ShownCredits = table.Column<long>(type: "INTEGER", nullable: false),
                    LedgerCredits = table.Column<long>(type: "INTEGER", nullable: false),
                    ExplainedCredits = table.Column<long>(type: "INTEGER", nullable: false),
                    Finding = table.Column<string>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RecordedBy = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BalanceProofs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_BalanceProofs_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "LedgerEntries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    ServiceDate = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    ReportMonth = table.Column<int>(type: "INTEGER", nullable: false),
                    PostedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Credits = table.Column<int>(type: "INTEGER", nullable: false),
                    PackSize = table.Column<int>(type: "INTEGER", nullable: true),
                    PaidPence = table.Column<long>(type: "INTEGER", nullable: true),
                    VatPence = table.Column<long>(type: "INTEGER", nullable: true),
                    InvoiceNumber = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: true),
                    CorrectsId = table.Column<long>(type: "INTEGER", nullable: true),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RecordedBy = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LedgerEntries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_LedgerEntries_LedgerEntries_CorrectsId",
                        column: x => x.CorrectsId,
                        principalTable: "LedgerEntries",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_LedgerEntries_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MonthClosings",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Month = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosedBy = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    RowsSha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SavedReportId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PdfSha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Events = table.Column<int>(type: "INTEGER", nullable: false),
                    Corrections = table.Column<int>(type: "INTEGER", nullable: false),
                    Credits = table.Column<long>(type: "INTEGER", nullable: false),
                    CostPence = table.Column<long>(type: "INTEGER", nullable: false),
                    OpeningCredits = table.Column<long>(type: "INTEGER", nullable: false),
                    ClosingCredits = table.Column<long>(type: "INTEGER", nullable: false),
                    ReopenedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ReopenedBy = table.Column<string>(type: "TEXT", nullable: true),
                    ReopenReason = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MonthClosings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MonthClosings_SavedReports_SavedReportId",
                        column: x => x.SavedReportId,
                        principalTable: "SavedReports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_MonthClosings_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "TopUpSchedules",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    Program = table.Column<string>(type: "TEXT", nullable: false),
                    StaffId = table.Column<string>(type: "TEXT", nullable: false),
                    StaffName = table.Column<string>(type: "TEXT", nullable: false),
                    ClientId = table.Column<string>(type: "TEXT", nullable: true),
                    ClientName = table.Column<string>(type: "TEXT", nullable: true),
                    IdentityNote = table.Column<string>(type: "TEXT", nullable: false),
                    FirstDay = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    LastDay = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RecordedBy = table.Column<string>(type: "TEXT", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedBy = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TopUpSchedules", x => x.Id);
                    table.ForeignKey(
                        name: "FK_TopUpSchedules_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "UsageIntakes",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Source = table.Column<int>(type: "INTEGER", nullable: false),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    RecordedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Accepted = table.Column<int>(type: "INTEGER", nullable: false),
                    Duplicates = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageIntakes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_UsageIntakes_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "IdempotentAnswers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    ApiKeyId = table.Column<int>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    BodySha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Answer = table.Column<string>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdempotentAnswers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_IdempotentAnswers_ApiKeys_ApiKeyId",
                        column: x => x.ApiKeyId,
                        principalTable: "ApiKeys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_IdempotentAnswers_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "UsageImports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    FileName = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SizeBytes = table.Column<long>(type: "INTEGER", nullable: false),
                    UploadedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    UploadedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    RowsDone = table.Column<int>(type: "INTEGER", nullable: false),
                    Accepted = table.Column<int>(type: "INTEGER", nullable: false),
                    Duplicates = table.Column<int>(type: "INTEGER", nullable: false),
                    ErrorCount = table.Column<int>(type: "INTEGER", nullable: false),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    StoredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    StoredBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    IntakeId = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageImports", x => x.Id);
                    table.ForeignKey(
                        name: "FK_UsageImports_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_UsageImports_UsageIntakes_IntakeId",
                        column: x => x.IntakeId,
                        principalTable: "UsageIntakes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            // What was recorded before: in its own month, posted as domain.md rule 2 says, brought by an intake that nobody wrote down.
            migrationBuilder.Sql("""
                INSERT INTO "UsageIntakes" ("SubscriptionId", "Source", "RecordedAt", "RecordedBy", "Accepted", "Duplicates")
                SELECT "SubscriptionId", 5, unixepoch() * 1000, 'an earlier version', count(*), 0 FROM "UsageEvents" GROUP BY "SubscriptionId";
                UPDATE "UsageEvents" SET
                    "ReportMonth" = CAST(substr("ServiceDate", 1, 4) AS INTEGER) * 12 + CAST(substr("ServiceDate", 6, 2) AS INTEGER) - 1,
                    "PostedAt" = "OccurredAt" + CASE "Kind" WHEN 2 THEN 86400000 ELSE 0 END,
                    "IntakeId" = (SELECT "Id" FROM "UsageIntakes" WHERE "UsageIntakes"."SubscriptionId" = "UsageEvents"."SubscriptionId");
                DELETE FROM "SignInSessions";
                """);

            migrationBuilder.CreateIndex(
                name: "IX_UsageEvents_Month",
                table: "UsageEvents",
                columns: new[] { "SubscriptionId", "ReportMonth", "ServiceDate", "OccurredAt", "EventId", "Kind", "StaffMemberId", "ClientId", "ProgramId", "TopUpDeviceId", "DurationMinutes", "Credits", "UnitPriceMicros", "CostPence", "Correction", "PostedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_UsageEvents_SubscriptionId_CorrectsId",
                table: "UsageEvents",
                columns: new[] { "SubscriptionId", "CorrectsId" },
                filter: "\"CorrectsId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_SignInSessions_UserId",
                table: "SignInSessions",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeys_Prefix",
                table: "ApiKeys",
                column: "Prefix",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeys_SubscriptionId",
                table: "ApiKeys",
                column: "SubscriptionId");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_SubscriptionId_Sequence",
                table: "AuditEntries",
                columns: new[] { "SubscriptionId", "Sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BalanceProofs_SubscriptionId_ShownAt",
                table: "BalanceProofs",
                columns: new[] { "SubscriptionId", "ShownAt" });

            migrationBuilder.CreateIndex(
                name: "IX_IdempotentAnswers_ApiKeyId_Key",
                table: "IdempotentAnswers",
                columns: new[] { "ApiKeyId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_LedgerEntries_SubscriptionId_CorrectsId",
                table: "LedgerEntries",
                columns: new[] { "SubscriptionId", "CorrectsId" },
                unique: true,
                filter: "\"CorrectsId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_LedgerEntries_SubscriptionId_ReportMonth_ServiceDate",
                table: "LedgerEntries",
                columns: new[] { "SubscriptionId", "ReportMonth", "ServiceDate" });

            migrationBuilder.CreateIndex(
                name: "IX_MonthClosings_SubscriptionId_Month_Version",
                table: "MonthClosings",
                columns: new[] { "SubscriptionId", "Month", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TopUpSchedules_SubscriptionId_DeviceId_FirstDay",
                table: "TopUpSchedules",
                columns: new[] { "SubscriptionId", "DeviceId", "FirstDay" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TopUpSchedules_SubscriptionId_LastDay",
                table: "TopUpSchedules",
                columns: new[] { "SubscriptionId", "LastDay" });

            migrationBuilder.CreateIndex(
                name: "IX_UsageImports_SubscriptionId_Sha256",
                table: "UsageImports",
                columns: new[] { "SubscriptionId", "Sha256" });

            migrationBuilder.CreateIndex(
                name: "IX_UsageImports_SubscriptionId_UploadedAt",
                table: "UsageImports",
                columns: new[] { "SubscriptionId", "UploadedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditEntries");

            migrationBuilder.DropTable(
                name: "BalanceProofs");

            migrationBuilder.DropTable(
                name: "IdempotentAnswers");

            migrationBuilder.DropTable(
                name: "LedgerEntries");

            migrationBuilder.DropTable(
                name: "MonthClosings");

            migrationBuilder.DropTable(
                name: "TopUpSchedules");

            migrationBuilder.DropTable(
                name: "UsageImports");

            migrationBuilder.DropTable(
                name: "ApiKeys");

            migrationBuilder.DropTable(
                name: "UsageIntakes");

            migrationBuilder.DropIndex(
                name: "IX_UsageEvents_Month",
                table: "UsageEvents");

            migrationBuilder.DropIndex(
                name: "IX_UsageEvents_SubscriptionId_CorrectsId",
                table: "UsageEvents");

            migrationBuilder.DropIndex(
                name: "IX_SignInSessions_UserId",
                table: "SignInSessions");

            migrationBuilder.DropColumn(
                name: "Correction",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "CorrectsId",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "IntakeId",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "PostedAt",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "Reason",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "ReportMonth",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "ChargesTopUpsFrom",
                table: "Subscriptions");

            migrationBuilder.DropColumn(
                name: "RequiresTwoFactor",
                table: "Subscriptions");

            migrationBuilder.DropColumn(
                name: "UserId",
                table: "SignInSessions");

            migrationBuilder.DropColumn(
                name: "DisabledAt",
                table: "AspNetUsers");

            migrationBuilder.CreateIndex(
                name: "IX_UsageEvents_Month",
                table: "UsageEvents",
                columns: new[] { "SubscriptionId", "ServiceDate", "OccurredAt", "EventId", "Kind", "StaffMemberId", "ClientId", "ProgramId", "TopUpDeviceId", "DurationMinutes", "Credits", "UnitPriceMicros", "CostPence" });
        }
    }
}
