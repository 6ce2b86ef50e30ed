using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class UsageFeed : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FeedPosition",
                table: "UsageIntakes",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_UsageIntakes_SubscriptionId_FeedPosition",
                table: "UsageIntakes",
                columns: new[] { "SubscriptionId", "FeedPosition" },
                unique: true,
                filter: "\"FeedPosition\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_UsageIntakes_Waiting",
                table: "UsageIntakes",
                columns: new[] { "SubscriptionId", "Id" },
                filter: "\"FeedPosition\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_UsageEvents_SubscriptionId_IntakeId",
                table: "UsageEvents",
                columns: new[] { "SubscriptionId", "IntakeId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_UsageIntakes_SubscriptionId_FeedPosition",
                table: "UsageIntakes");

            migrationBuilder.DropIndex(
                name: "IX_UsageIntakes_Waiting",
                table: "UsageIntakes");

            migrationBuilder.DropIndex(
                name: "IX_UsageEvents_SubscriptionId_IntakeId",
                table: "UsageEvents");

            migrationBuilder.DropColumn(
                name: "FeedPosition",
                table: "UsageIntakes");
        }
    }
}
