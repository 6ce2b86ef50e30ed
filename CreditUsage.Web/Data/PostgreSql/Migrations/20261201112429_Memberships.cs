using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CreditUsage.Data.PostgreSql.Migrations
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
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "InvitedTo",
                table: "PasswordLinks",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Memberships",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    SubscriptionId = table.Column<int>(type: "integer", nullable: false),
                    Role = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    InvitedAt = table.Column<long>(type: "bigint", nullable: false),
                    InvitedBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    InvitedAs = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true, collation: "C"),
                    JoinedAt = table.Column<long>(type: "bigint", nullable: true),
                    DisabledAt = table.Column<long>(type: "bigint", nullable: true),
                    EnteredAt = table.Column<long>(type: "bigint", nullable: true)
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
                FROM "AspNetUsers" person JOIN "AspNetUserRoles" has ON has."UserId" = person."Id" JOIN "AspNetRoles" role ON role."Id" = has."RoleId", (SELECT (extract(epoch FROM current_timestamp) * 1000)::bigint AS ms) now;
                ALTER TABLE "Memberships" ENABLE ROW LEVEL SECURITY;
                CREATE POLICY owned ON "Memberships" USING ((SELECT current_setting('creditusage.subscription', true)) = '*' OR "SubscriptionId" = (SELECT nullif(nullif(current_setting('creditusage.subscription', true), ''), '*')::integer));
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
