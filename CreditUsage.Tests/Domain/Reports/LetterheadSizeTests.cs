using CreditUsage.Domain.Reports;

namespace CreditUsage.Tests.Domain.Reports;

public sealed class LetterheadSizeTests
{
    [Theory]
    // As wide as it may be, as high as it may be, and a small one as it is.
    [InlineData(1040, 110, 260, 27)]
    [InlineData(220, 220, 110, 110)]
    [InlineData(520, 440, 130, 110)]
    [InlineData(100, 40, 100, 40)]
    [InlineData(260, 110, 260, 110)]
    [InlineData(0, 0, 0, 0)]
    public void A_logo_keeps_its_shape_within_the_room_that_it_has(int width, int height, int printedWidth, int printedHeight) =>
        Assert.Equal((printedWidth, printedHeight), Letterhead("", width, height).PrintedSize);

    [Fact]
    public void Empty_lines_of_the_address_are_not_printed() => Assert.Equal(["1 High Street", "York"], Letterhead("1 High Street\n\nYork\n", 0, 0).AddressLines);

    private static Letterhead Letterhead(string address, int width, int height) => new()
    {
        Address = address,
        LogoWidth = width,
        LogoHeight = height,
        SetBy = "a@clinic.example",
        SetAt = DateTimeOffset.UnixEpoch,
    };
}
