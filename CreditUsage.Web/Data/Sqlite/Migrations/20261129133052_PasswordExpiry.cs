using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class PasswordExpiry : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "PasswordExpiresAt",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "PasswordExpiresAt",
                table: "AspNetUsers");
        }
    }
}
