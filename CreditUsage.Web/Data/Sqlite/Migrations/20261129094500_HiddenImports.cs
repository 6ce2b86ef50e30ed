using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class HiddenImports : Migration
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

            migrationBuilder.AddColumn<int>(
                name: "Failures",
                table: "ReportJobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_UsageIntakes_Hidden",
                table: "UsageIntakes",
                column: "SubscriptionId",
                unique: true,
                filter: "\"HiddenBlock\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
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
                name: "Failures",
                table: "ReportJobs");
        }
    }
}
