using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class DeliveriesByHand : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Deliveries_SubscriptionId_Month_Version_Email",
                table: "Deliveries");

            migrationBuilder.AddColumn<string>(
                name: "ClinicName",
                table: "MonthClosings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "WhenClosed",
                table: "DeliverySchedules",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "ByHand",
                table: "Deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "SavedReportId",
                table: "Deliveries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_SubscriptionId_Month_Version_Email",
                table: "Deliveries",
                columns: new[] { "SubscriptionId", "Month", "Version", "Email" },
                unique: true,
                filter: "\"SavedReportId\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_SubscriptionId_SavedReportId_Email",
                table: "Deliveries",
                columns: new[] { "SubscriptionId", "SavedReportId", "Email" },
                unique: true,
                filter: "\"SavedReportId\" IS NOT NULL");

            migrationBuilder.AddForeignKey(
                name: "FK_Deliveries_SavedReports_SavedReportId",
                table: "Deliveries",
                column: "SavedReportId",
                principalTable: "SavedReports",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Deliveries_SavedReports_SavedReportId",
                table: "Deliveries");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_SubscriptionId_Month_Version_Email",
                table: "Deliveries");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_SubscriptionId_SavedReportId_Email",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "ClinicName",
                table: "MonthClosings");

            migrationBuilder.DropColumn(
                name: "WhenClosed",
                table: "DeliverySchedules");

            migrationBuilder.DropColumn(
                name: "ByHand",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "SavedReportId",
                table: "Deliveries");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_SubscriptionId_Month_Version_Email",
                table: "Deliveries",
                columns: new[] { "SubscriptionId", "Month", "Version", "Email" },
                unique: true);
        }
    }
}
