using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class DayTurns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_UsageEvents_SubscriptionId_DeviceNumber_ServiceDate",
                table: "UsageEvents");

            migrationBuilder.AddColumn<int>(
                name: "DayTurn",
                table: "UsageEvents",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_UsageEvents_SubscriptionId_DeviceNumber_ServiceDate_DayTurn",
                table: "UsageEvents",
                columns: new[] { "SubscriptionId", "DeviceNumber", "ServiceDate", "DayTurn" },
                unique: true,
                filter: "\"DeviceNumber\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_UsageEvents_SubscriptionId_DeviceNumber_ServiceDate_DayTurn",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "DayTurn",
                table: "UsageEvents");

            migrationBuilder.CreateIndex(
                name: "IX_UsageEvents_SubscriptionId_DeviceNumber_ServiceDate",
                table: "UsageEvents",
                columns: new[] { "SubscriptionId", "DeviceNumber", "ServiceDate" },
                unique: true,
                filter: "\"DeviceNumber\" IS NOT NULL");
        }
    }
}
