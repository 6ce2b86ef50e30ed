using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Memberships : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ClinicId",
                table: "SignInSessions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "InvitedTo",
                table: "PasswordLinks",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Memberships",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    SubscriptionId = table.Column<int>(type: "INTEGER", nullable: false),
                    Role = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    InvitedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    InvitedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    InvitedAs = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    JoinedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DisabledAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EnteredAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Memberships", x => new { x.UserId, x.SubscriptionId });
                    table.ForeignKey(
                        name: "FK_Memberships_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Memberships_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Memberships_SubscriptionId",
                table: "Memberships",
                column: "SubscriptionId");

            migrationBuilder.Sql("""
                INSERT INTO "Memberships" ("UserId", "SubscriptionId", "Role", "InvitedAt", "JoinedAt", "DisabledAt")
                SELECT person."Id", person."SubscriptionId", role."Name", now.ms, CASE WHEN person."PasswordHash" IS NULL THEN NULL ELSE now.ms END, person."DisabledAt"
                FROM "AspNetUsers" person JOIN "AspNetUserRoles" has ON has."UserId" = person."Id" JOIN "AspNetRoles" role ON role."Id" = has."RoleId", (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000 AS ms) now;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Memberships");

            migrationBuilder.DropColumn(
                name: "ClinicId",
                table: "SignInSessions");

            migrationBuilder.DropColumn(
                name: "InvitedTo",
                table: "PasswordLinks");
        }
    }
}
