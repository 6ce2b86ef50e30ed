using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class SealedReportsJobsAndDelivery : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "LastReportNumber",
                table: "Subscriptions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "ContentSha256",
                table: "SavedReports",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "Draft",
                table: "SavedReports",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "Form",
                table: "SavedReports",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "MadeWith",
                table: "SavedReports",
                type: "TEXT",
                maxLength: 100,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "Number",
                table: "SavedReports",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "RemovedAt",
                table: "SavedReports",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Variant",
                table: "SavedReports",
                type: "TEXT",
                maxLength: 1000,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "SavedReports",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "Deliveries",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Month = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deliveries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Deliveries_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DeliveryAttempts",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    DeliveryId = table.Column<int>(type: "INTEGER", nullable: true),
                    Email = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Sent = table.Column<bool>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeliveryAttempts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeliveryAttempts_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DeliveryRecipients",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    AddedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    AddedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeliveryRecipients", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeliveryRecipients_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DeliverySchedules",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Hour = table.Column<int>(type: "INTEGER", nullable: false),
                    AsLink = table.Column<bool>(type: "INTEGER", nullable: false),
                    FirstMonth = table.Column<int>(type: "INTEGER", nullable: false),
                    SetBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    SetAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeliverySchedules", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeliverySchedules_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ReportJobs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Form = table.Column<int>(type: "INTEGER", nullable: false),
                    Month = table.Column<int>(type: "INTEGER", nullable: false),
                    Request = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    BatchId = table.Column<Guid>(type: "TEXT", nullable: true),
                    RequestedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    RequestedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    RowsDone = table.Column<int>(type: "INTEGER", nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeasedUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    CancelRequestedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Problem = table.Column<string>(type: "TEXT", nullable: true),
                    SavedReportId = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReportJobs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ReportJobs_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            // What was saved before had no number: they get theirs in the order in which they were saved.
            migrationBuilder.Sql("""
                UPDATE SavedReports SET Form = 1,
                    Number = (SELECT COUNT(*) FROM SavedReports AS other WHERE other.SubscriptionId = SavedReports.SubscriptionId
                              AND (other.SavedAt < SavedReports.SavedAt OR (other.SavedAt = SavedReports.SavedAt AND other.Id <= SavedReports.Id))),
                    Draft = NOT EXISTS (SELECT 1 FROM MonthClosings WHERE MonthClosings.SavedReportId = SavedReports.Id),
                    Version = COALESCE((SELECT MonthClosings.Version FROM MonthClosings WHERE MonthClosings.SavedReportId = SavedReports.Id), 0);
                UPDATE SavedReports SET Version = (SELECT COUNT(*) FROM SavedReports AS other WHERE other.Draft AND other.SubscriptionId = SavedReports.SubscriptionId
                    AND other.MonthStart = SavedReports.MonthStart AND other.Sessions = SavedReports.Sessions AND other.TopUps = SavedReports.TopUps AND other.Number <= SavedReports.Number) WHERE Draft;
                UPDATE Subscriptions SET LastReportNumber = (SELECT COUNT(*) FROM SavedReports WHERE SavedReports.SubscriptionId = Subscriptions.Id);
                """);

            migrationBuilder.CreateIndex(
                name: "IX_SavedReports_Sha256",
                table: "SavedReports",
                column: "Sha256");

            migrationBuilder.CreateIndex(
                name: "IX_SavedReports_SubscriptionId_Number",
                table: "SavedReports",
                columns: new[] { "SubscriptionId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_NextAttemptAt",
                table: "Deliveries",
                column: "NextAttemptAt");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_SubscriptionId_Month_Version_Email",
                table: "Deliveries",
                columns: new[] { "SubscriptionId", "Month", "Version", "Email" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeliveryAttempts_SubscriptionId_At",
                table: "DeliveryAttempts",
                columns: new[] { "SubscriptionId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_DeliveryRecipients_SubscriptionId_Email",
                table: "DeliveryRecipients",
                columns: new[] { "SubscriptionId", "Email" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeliverySchedules_SubscriptionId",
                table: "DeliverySchedules",
                column: "SubscriptionId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ReportJobs_State",
                table: "ReportJobs",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_ReportJobs_SubscriptionId_RequestedAt",
                table: "ReportJobs",
                columns: new[] { "SubscriptionId", "RequestedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Deliveries");

            migrationBuilder.DropTable(
                name: "DeliveryAttempts");

            migrationBuilder.DropTable(
                name: "DeliveryRecipients");

            migrationBuilder.DropTable(
                name: "DeliverySchedules");

            migrationBuilder.DropTable(
                name: "ReportJobs");

            migrationBuilder.DropIndex(
                name: "IX_SavedReports_Sha256",
                table: "SavedReports");

            migrationBuilder.DropIndex(
                name: "IX_SavedReports_SubscriptionId_Number",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "LastReportNumber",
                table: "Subscriptions");

            migrationBuilder.DropColumn(
                name: "ContentSha256",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "Draft",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "Form",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "MadeWith",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "RemovedAt",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "Variant",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "SavedReports");
        }
    }
}
