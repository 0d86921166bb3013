using System.Net;
using Orleans.Runtime;
using Wharf.Gateway.Nodes;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Tests.Nodes;

/// <summary>What a gateway without a silo makes of what it is told about the nodes.</summary>
public sealed class KnownNodes
{
    private readonly LiveNodes _nodes = new();

    [Fact]
    public void It_is_connected_once_it_was_answered_and_until_it_is_not()
    {
        Assert.False(_nodes.IsConnected);
        _nodes.Accept(new NodeList(1, [Node(1)], []));
        Assert.True(_nodes.IsConnected);
        _nodes.Disconnect();
        Assert.False(_nodes.IsConnected);
    }

    [Fact]
    public void A_node_that_is_not_named_any_more_is_lost_and_no_other_is()
    {
        _nodes.Accept(new NodeList(1, [Node(1), Node(2)], []));
        var (lost, other, any) = (_nodes.LossOf(Node(1)), _nodes.LossOf(Node(2)), _nodes.NextLoss);
        _nodes.Accept(new NodeList(2, [Node(2), Node(3)], []));
        Assert.True(lost.IsCancellationRequested);
        Assert.True(any.IsCancellationRequested);
        Assert.False(other.IsCancellationRequested);
        Assert.False(_nodes.NextLoss.IsCancellationRequested);
    }

    [Fact]
    public void A_node_that_leaves_gets_no_new_work_and_is_not_lost_yet()
    {
        _nodes.Accept(new NodeList(1, [Node(1), Node(2)], []));
        var leaving = _nodes.LossOf(Node(1));
        _nodes.Accept(new NodeList(2, [Node(2)], [Node(1)]));
        Assert.False(leaving.IsCancellationRequested);
        Assert.Equal((Node(2), Node(2)), (_nodes.Take(), _nodes.Take()));
        _nodes.Accept(new NodeList(3, [Node(2)], []));
        Assert.True(leaving.IsCancellationRequested);
    }

    [Fact]
    public void A_node_that_knows_less_than_another_does_not_take_away()
    {
        _nodes.Accept(new NodeList(2, [Node(1), Node(2)], []));
        var young = _nodes.LossOf(Node(2));
        _nodes.Accept(new NodeList(1, [Node(1)], []));
        Assert.False(young.IsCancellationRequested);
        Assert.Equal(2, _nodes.Version);
    }

    [Fact]
    public void A_cluster_of_which_nothing_is_known_takes_the_place_of_the_one_before_however_young_it_is()
    {
        _nodes.Accept(new NodeList(9, [Node(1)], []));
        var lost = _nodes.LossOf(Node(1));
        _nodes.Accept(new NodeList(1, [Node(5)], []));
        Assert.True(lost.IsCancellationRequested);
        Assert.Equal(Node(5), _nodes.Take());
    }

    [Fact]
    public void Nothing_is_told_of_a_node_that_is_not_known() => Assert.False(_nodes.LossOf(Node(7)).CanBeCanceled);

    [Fact]
    public void Work_goes_to_one_node_after_the_other()
    {
        Assert.Null(_nodes.Take());
        _nodes.Accept(new NodeList(1, [Node(1), Node(2)], []));
        Assert.Equal((Node(1), Node(2), Node(1)), (_nodes.Take(), _nodes.Take(), _nodes.Take()));
    }

    private static SiloAddress Node(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 10_000 + number), number);
}
