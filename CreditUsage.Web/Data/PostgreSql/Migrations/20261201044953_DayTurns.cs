using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.PostgreSql.Migrations
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
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_UsageEvents_SubscriptionId_DeviceNumber_ServiceDate_DayTurn",
                table: "UsageEvents",
                columns: new[] { "SubscriptionId", "DeviceNumber", "ServiceDate", "DayTurn" },
                unique: true,
                filter: "\"DeviceNumber\" IS NOT NULL");

            // What was recorded again in the place of a top-up had no device number, and so did not hold its day.
            migrationBuilder.Sql("""
                UPDATE "UsageEvents" SET "DeviceNumber" = (SELECT "DeviceId"::bigint FROM "TopUpDevices" WHERE "TopUpDevices"."Id" = "UsageEvents"."TopUpDeviceId"),
                    "DayTurn" = 1 + (SELECT count(*) FROM "UsageEvents" AS other WHERE other."SubscriptionId" = "UsageEvents"."SubscriptionId" AND other."TopUpDeviceId" = "UsageEvents"."TopUpDeviceId"
                        AND other."ServiceDate" = "UsageEvents"."ServiceDate" AND other."Correction" IS NULL AND other."DeviceNumber" IS NULL AND other."Id" < "UsageEvents"."Id")
                WHERE "Kind" = 2 AND "Correction" IS NULL AND "DeviceNumber" IS NULL AND "TopUpDeviceId" IS NOT NULL;
                """);
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
