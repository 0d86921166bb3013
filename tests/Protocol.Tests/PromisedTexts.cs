namespace Wharf.Protocol.Tests;

/// <summary>The texts as other programs know them, written out a second time: a change has to be made on purpose.</summary>
public sealed class PromisedTexts
{
    [Fact]
    public void Fixed_texts_are_those_that_were_promised()
    {
        Assert.Equal("Authentication details invalid", StatusTexts.AuthenticationDetailsInvalid);
        Assert.Equal("Session closed", StatusTexts.SessionClosed);
        Assert.Equal("subscription cancelled", StatusTexts.SubscriptionCancelled);
        Assert.Equal("Session has ended", StatusTexts.SessionHasEnded);
        Assert.Equal("No ticket supplied", StatusTexts.NoTicketSupplied);
        Assert.Equal("No type supplied", StatusTexts.NoTypeSupplied);
        Assert.Equal("Data message sent before Connect message", StatusTexts.DataBeforeConnect);
        Assert.Equal("Already sent a connect request, cannot send another", StatusTexts.AlreadyConnected);
        Assert.Equal("Export not yet defined", StatusTexts.ExportNotYetDefined);
        Assert.Equal("No result ticket supplied", StatusTexts.NoResultTicketSupplied);
        Assert.Equal("run is complete", StatusTexts.RunIsComplete);
        Assert.Equal("", ProtocolStatus.NoSession.Text);
    }

    [Fact]
    public void Texts_with_parts_are_put_together_as_promised()
    {
        Assert.Equal("Export in state RELEASED", StatusTexts.ExportInState(ExportState.Released));
        Assert.Equal("Export in state DEPENDENCY_RELEASED (related parent export id: 1)", StatusTexts.ExportInState(ExportState.DependencyReleased, 1));
        Assert.Equal("column(s) not found: Nope", StatusTexts.ColumnsNotFound(["Nope"]));
        Assert.Equal("column(s) not found: A, B", StatusTexts.ColumnsNotFound(["A", "B"]));
        Assert.Equal("numRows must be >= 0 (found: -1)", StatusTexts.NumRowsNegative(-1));
        Assert.Equal("periodNanos must be >= 0 (found: 0)", StatusTexts.PeriodNotPositive(0));
        Assert.Equal("p.M must have field f (3)", StatusTexts.MustHaveField("p.M", "f", 3));
        Assert.Equal("p.M must have at least one f (3)", StatusTexts.MustHaveAtLeastOne("p.M", "f", 3));
        Assert.Equal("Details Logged w/ID '7'", StatusTexts.DetailsLogged("7"));
    }
}
