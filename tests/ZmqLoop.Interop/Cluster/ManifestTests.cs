using k8s;
using k8s.Models;

namespace ZmqLoop.Interop.Cluster;

/// <summary>examples/Cluster's files for Docker and Kubernetes fit the program, and each other. The types are made of the published
/// schemas, and know no field that those do not.</summary>
public sealed class ManifestTests
{
    private static readonly string[] s_roles = ["broker", "worker", "client", "watch", "probe"];

    private static readonly List<object> s_objects = KubernetesYaml.LoadAllFromString(Read("kubernetes.yaml"), strict: true);

    [Fact]
    public void Each_deployment_selects_its_own_pods_and_is_probed_by_a_request()
    {
        V1Deployment[] deployments = [.. s_objects.OfType<V1Deployment>()];
        Assert.Equal(["cluster-broker", "cluster-worker"], deployments.Select(static deployment => deployment.Metadata.Name));
        Assert.All(deployments, static deployment =>
        {
            V1PodTemplateSpec pod = deployment.Spec.Template;
            Assert.Equal(deployment.Spec.Selector.MatchLabels, pod.Metadata.Labels);
            V1Container container = Assert.Single(pod.Spec.Containers);
            Assert.Contains(container.Args[0], s_roles);
            Assert.True(pod.Spec.TerminationGracePeriodSeconds > 20, "The program takes 20 seconds to finish.");
            foreach (V1Probe probe in (V1Probe[])[container.ReadinessProbe, container.LivenessProbe])
            {
                string command = string.Join(' ', probe.Exec.Command);
                Assert.Contains("Cluster.dll probe tcp://", command, StringComparison.Ordinal);
                Assert.EndsWith($":{container.Ports[0].ContainerPort}", command, StringComparison.Ordinal);
                Assert.True(probe.TimeoutSeconds > 3, "The probe itself waits for three seconds.");
            }
        });
    }

    [Fact]
    public void The_brokers_service_leads_to_its_ports_and_workers_connect_to_them()
    {
        V1Deployment broker = s_objects.OfType<V1Deployment>().First();
        V1Deployment worker = s_objects.OfType<V1Deployment>().Last();
        V1Service service = Assert.Single(s_objects.OfType<V1Service>());
        Assert.Equal(1, broker.Spec.Replicas); // what it has accepted is in its memory
        Assert.Equal(broker.Spec.Template.Metadata.Labels, service.Spec.Selector);
        V1Container container = broker.Spec.Template.Spec.Containers[0];
        Assert.Equal(container.Args.Skip(1).Select(static endpoint => endpoint.Split(':')[^1]),
            service.Spec.Ports.Select(static port => $"{port.Port}"));
        Assert.All(service.Spec.Ports, port =>
            Assert.Equal(port.Port, container.Ports.Single(inside => inside.Name == (string)port.TargetPort).ContainerPort));
        Assert.Equal([$"tcp://{service.Metadata.Name}:5556", $"tcp://{service.Metadata.Name}:5557"],
            worker.Spec.Template.Spec.Containers[0].Args.Skip(2));
    }

    [Fact]
    public void The_compose_file_starts_roles_that_there_are_at_ports_that_fit()
    {
        Dictionary<string, object> file = KubernetesYaml.Deserialize<Dictionary<string, object>>(Read("compose.yaml"));
        var services = Assert.IsType<Dictionary<object, object>>(file["services"], exactMatch: false);
        Assert.Equal(["broker", "worker"], services.Keys.Cast<string>());
        var broker = Assert.IsType<Dictionary<object, object>>(services["broker"], exactMatch: false);
        var worker = Assert.IsType<Dictionary<object, object>>(services["worker"], exactMatch: false);
        string[] ports = [.. ((List<object>)broker["command"]).Skip(1).Select(static endpoint => $"{endpoint}".Split(':')[^1])];
        string command = $"{((List<object>)worker["entrypoint"])[^1]}";
        Assert.EndsWith($"tcp://broker:{ports[1]} tcp://broker:{ports[2]}", command, StringComparison.Ordinal);
        Assert.Equal([$"{ports[0]}:{ports[0]}", $"{ports[3]}:{ports[3]}"], ((List<object>)broker["ports"]).Cast<string>());
        var build = Assert.IsType<Dictionary<object, object>>(broker["build"], exactMatch: false);
        Assert.True(File.Exists(Path.Combine(Checkout.Root, $"{build["dockerfile"]}")));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Checkout.Root, "examples", "Cluster", file));
}
