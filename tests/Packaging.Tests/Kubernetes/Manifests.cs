using k8s;
using k8s.Models;
using Wharf.Processes;

namespace Wharf.Packaging.Tests.Kubernetes;

/// <summary>The manifests of <c>deploy/kubernetes</c>, read into the types that are generated from the API's own description: a field that it does not have does not pass.</summary>
internal sealed class Manifests
{
    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["v1/Secret"] = typeof(V1Secret),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
    };

    private readonly List<object> _objects;

    private Manifests(List<object> objects) => _objects = objects;

    public IEnumerable<IKubernetesObject<V1ObjectMeta>> All => _objects.Cast<IKubernetesObject<V1ObjectMeta>>();

    public IEnumerable<V1StatefulSet> StatefulSets => _objects.OfType<V1StatefulSet>();

    public IEnumerable<V1Service> Services => _objects.OfType<V1Service>();

    public IEnumerable<V1Secret> Secrets => _objects.OfType<V1Secret>();

    public IEnumerable<V1PodDisruptionBudget> Budgets => _objects.OfType<V1PodDisruptionBudget>();

    public IEnumerable<V1NetworkPolicy> Policies => _objects.OfType<V1NetworkPolicy>();

    public V1StatefulSet Wharf => StatefulSets.Single(static set => set.Metadata.Name == "wharf");

    public V1Container Server => Assert.Single(Wharf.Spec.Template.Spec.Containers);

    /// <summary>Reads the folder.</summary>
    public static Manifests Read() =>
        new([.. Directory.GetFiles(Path.Combine(Checkout.Root, "deploy", "kubernetes"), "*.yaml").Order(StringComparer.Ordinal).SelectMany(static path => Parse(File.ReadAllText(path)))]);

    /// <summary>Reads one file.</summary>
    /// <exception cref="Exception">It says something that the API does not know.</exception>
    public static List<object> Parse(string yaml) => KubernetesYaml.LoadAllFromString(yaml, Kinds, strict: true);

    /// <summary>Whether a selector picks the pods of a set; the empty one picks all.</summary>
    public static bool Picks(IDictionary<string, string>? labels, V1StatefulSet set) =>
        labels?.All(label => set.Spec.Template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value) ?? true;

    /// <summary>The sets that a selector picks.</summary>
    public List<V1StatefulSet> Picked(IDictionary<string, string>? labels) => [.. StatefulSets.Where(set => Picks(labels, set))];

    /// <summary>The port of a set's pods by its name, or by its number.</summary>
    public static V1ContainerPort? Port(V1StatefulSet set, IntOrString port) =>
        set.Spec.Template.Spec.Containers.SelectMany(static container => container.Ports).SingleOrDefault(one => one.Name == port || $"{one.ContainerPort}" == port);
}
