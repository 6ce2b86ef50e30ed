using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace CreditUsage.Data.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Anonymisations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "AnonymisedAt",
                table: "SavedReports",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ReplacesSha256",
                table: "SavedReports",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<long>(
                name: "AnonymisedAt",
                table: "MonthClosings",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ReplacesSha256",
                table: "MonthClosings",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true,
                collation: "C");

            migrationBuilder.CreateTable(
                name: "Anonymisations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubscriptionId = table.Column<int>(type: "integer", nullable: false),
                    ClientId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true, collation: "C"),
                    Month = table.Column<int>(type: "integer", nullable: true),
                    Code = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true, collation: "C"),
                    Reference = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false, collation: "C"),
                    RequestedBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false, collation: "C"),
                    RequestedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Files = table.Column<int>(type: "integer", nullable: false),
                    FilesDone = table.Column<int>(type: "integer", nullable: false),
                    Events = table.Column<int>(type: "integer", nullable: false),
                    Months = table.Column<int>(type: "integer", nullable: false),
                    Reports = table.Column<int>(type: "integer", nullable: false),
                    Withdrawn = table.Column<int>(type: "integer", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    ImportFiles = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    ErasedAt = table.Column<long>(type: "bigint", nullable: true),
                    Problem = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Anonymisations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Anonymisations_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ReplacedFiles",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SubscriptionId = table.Column<int>(type: "integer", nullable: false),
                    AnonymisationId = table.Column<Guid>(type: "uuid", nullable: false),
                    SavedReportId = table.Column<Guid>(type: "uuid", nullable: true),
                    Sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    Extension = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false, collation: "C"),
                    ReplacedBySha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true, collation: "C"),
                    ReplacedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReplacedFiles", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ReplacedFiles_Anonymisations_AnonymisationId",
                        column: x => x.AnonymisationId,
                        principalTable: "Anonymisations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ReplacedFiles_Subscriptions_SubscriptionId",
                        column: x => x.SubscriptionId,
                        principalTable: "Subscriptions",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Anonymisations_SubscriptionId_RequestedAt",
                table: "Anonymisations",
                columns: new[] { "SubscriptionId", "RequestedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ReplacedFiles_Sha256",
                table: "ReplacedFiles",
                column: "Sha256");

            migrationBuilder.Sql("""
                ALTER TABLE "Anonymisations" ENABLE ROW LEVEL SECURITY;
                CREATE POLICY owned ON "Anonymisations" USING ((SELECT current_setting('creditusage.subscription', true)) = '*' OR "SubscriptionId" = (SELECT nullif(nullif(current_setting('creditusage.subscription', true), ''), '*')::integer));
                ALTER TABLE "ReplacedFiles" ENABLE ROW LEVEL SECURITY;
                CREATE POLICY owned ON "ReplacedFiles" USING ((SELECT current_setting('creditusage.subscription', true)) = '*' OR "SubscriptionId" = (SELECT nullif(nullif(current_setting('creditusage.subscription', true), ''), '*')::integer));
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ReplacedFiles");

            migrationBuilder.DropTable(
                name: "Anonymisations");

            migrationBuilder.DropColumn(
                name: "AnonymisedAt",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "ReplacesSha256",
                table: "SavedReports");

            migrationBuilder.DropColumn(
                name: "AnonymisedAt",
                table: "MonthClosings");

            migrationBuilder.DropColumn(
                name: "ReplacesSha256",
                table: "MonthClosings");
        }
    }
}
