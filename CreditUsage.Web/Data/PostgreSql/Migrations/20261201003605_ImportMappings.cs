using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace CreditUsage.Data.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class ImportMappings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FirstEventKey",
                table: "UsageImports",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "LeaveOutDoubles",
                table: "UsageImports",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Mapping",
                table: "UsageImports",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ReverseReason",
                table: "UsageImports",
                type: "character varying(400)",
                maxLength: 400,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<long>(
                name: "ReversedAt",
                table: "UsageImports",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ReversedBy",
                table: "UsageImports",
                type: "character varying(256)",
                maxLength: 256,
                nullable: true,
                collation: "C");

            migrationBuilder.CreateTable(
                name: "ImportMappings",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SubscriptionId = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, collation: "C"),
                    Columns = table.Column<string>(type: "text", nullable: false),
                    SavedBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false, collation: "C"),
                    SavedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImportMappings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ImportMappings_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ImportMappings_SubscriptionId_Name",
                table: "ImportMappings",
                columns: new[] { "SubscriptionId", "Name" },
                unique: true);

            migrationBuilder.Sql("""
                ALTER TABLE "ImportMappings" ENABLE ROW LEVEL SECURITY;
                CREATE POLICY owned ON "ImportMappings" USING ((SELECT current_setting('creditusage.subscription', true)) = '*' OR "SubscriptionId" = (SELECT nullif(nullif(current_setting('creditusage.subscription', true), ''), '*')::integer));
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ImportMappings");

            migrationBuilder.DropColumn(
                name: "FirstEventKey",
                table: "UsageImports");

            migrationBuilder.DropColumn(
                name: "LeaveOutDoubles",
                table: "UsageImports");

            migrationBuilder.DropColumn(
                name: "Mapping",
                table: "UsageImports");

            migrationBuilder.DropColumn(
                name: "ReverseReason",
                table: "UsageImports");

            migrationBuilder.DropColumn(
                name: "ReversedAt",
                table: "UsageImports");

            migrationBuilder.DropColumn(
                name: "ReversedBy",
                table: "UsageImports");
        }
    }
}
